import type { Schemas } from '#/api/client';

export type Clock = Schemas['InvestigationClock'];
export type State = Clock['state'];

/** The limits of Law 84/2015/QH13 Art. 35(6). */
export const limits = [4, 7, 20, 30, 60] as const;

/** A state is told by its glyph and word; colour only helps. */
export const glyphs: Record<State, string> = { running: '◔', overdue: '!', published_in_time: '✓', published_late: '✕', closed: '–' };

/** usedDays are the days of the limit that have gone, and how many there are. */
export function usedDays(clock: Clock): { used: number; all: number } {
  const all = clock.limit_days + clock.extension_days;
  return { used: all - clock.days_left, all };
}

/** bar places a clock on a scale: what was used within the limit, what beyond it, and the limit. */
export function bar(clock: Clock, scale: number): { within: number; beyond: number; limit: number } {
  const { used, all } = usedDays(clock);
  const share = (days: number) => Math.min(100, Math.max(0, (days / scale) * 100));
  const within = share(Math.min(used, all));
  return { within, beyond: Math.max(0, share(used) - within), limit: share(all) };
}

/** scaleOf holds the limit and what was used, and never more than three limits: a clock that ran for
 *  years would leave nothing to see of them. */
export function scaleOf(clock: Clock): number {
  const { used, all } = usedDays(clock);
  return Math.min(Math.max(all * 1.25, used), all * 3);
}
