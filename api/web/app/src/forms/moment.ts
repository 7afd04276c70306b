/** A moment as it is being typed: a day, a time, or both. */
export interface TypedMoment {
  day: string;
  time: string;
}

const zone = '+07:00';

/** readMoment takes apart what writeMoment wrote, or a moment of the API by the clock of Viet Nam. */
export function readMoment(value: unknown): TypedMoment {
  if (typeof value !== 'string') return { day: '', time: '' };
  const whole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value);
  if (whole) {
    const local = new Date(Date.parse(value) + 7 * 3600_000).toISOString();
    return { day: local.slice(0, 10), time: local.slice(11, 16) };
  }
  const [day = '', time = ''] = value.split('T');
  return { day, time };
}

/** writeMoment is RFC 3339 once day and time are there; before, a text that holds what was typed. */
export function writeMoment({ day, time }: TypedMoment): string | undefined {
  const clock = readClock(time);
  if (day && clock) return `${day}T${clock}:00${zone}`;
  return day || time ? `${day}T${time}` : undefined;
}

/** readClock reads 14:30, 14h30, 1430, 8.05; undefined if it is no time of day. */
export function readClock(typed: string): string | undefined {
  const found = /^(\d{1,2})\s*[:.hHgG]\s*(\d{2})$/.exec(typed.trim()) ?? /^(\d{1,2})(\d{2})$/.exec(typed.trim());
  if (!found) return undefined;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  if (hours > 23 || minutes > 59) return undefined;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
