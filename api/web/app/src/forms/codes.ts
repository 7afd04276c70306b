import type { Schemas } from '#/api/client';

export type Code = Schemas['Code'];

/** onDay are the codes that are valid on a day (YYYY-MM-DD). */
export function onDay(codes: readonly Code[], day: string): Code[] {
  return codes.filter((c) => (!c.valid_from || c.valid_from <= day) && (!c.valid_to || c.valid_to >= day));
}

/** today is the date in Viet Nam as YYYY-MM-DD. */
export function today(now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(now);
}
