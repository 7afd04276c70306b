/** periods are those that may be asked for, the newest first: a year, and its first half. */
export function periods(now: Date): string[] {
  const year = now.getFullYear();
  return [0, 1, 2, 3].flatMap((back) => [`${year - back}`, `${year - back}H1`]);
}

/** duePeriod is the period whose reports fell due last: from 5 July the first half, before it the year before. */
export function duePeriod(now: Date): string {
  const year = now.getFullYear();
  const halfIsOver = now.getMonth() > 6 || (now.getMonth() === 6 && now.getDate() >= 5);
  return halfIsOver ? `${year}H1` : `${year - 1}`;
}

/** daysOver is how many days a last day lies behind a moment, by the calendar of Viet Nam. */
export function daysOver(dueBy: string, at: string): number {
  const today = new Date(new Date(at).getTime() + 7 * 3600_000).toISOString().slice(0, 10);
  return Math.round((Date.parse(today) - Date.parse(dueBy)) / 86_400_000);
}
