import type { Schemas } from '#/api/client';

type Stage = keyof Schemas['InvestigationStages'] | 'occurred' | 'declared' | 'due';

/** Something that happened, or is to happen, on a day. */
export interface Event {
  day: string;
  stage: Exclude<Stage, 'extension_days'>;
  days?: number;
}

const order: Event['stage'][] = ['occurred', 'news_received', 'declared', 'opened', 'extended', 'examination', 'file_returned', 'published', 'closed', 'due'];

/** eventsOf are the days of an accident in their order; what happened twice on a day is told once. */
export function eventsOf(a: Pick<Schemas['AccidentCase'], 'occurred_at' | 'declarations' | 'investigations'>): Event[] {
  const events: Event[] = [{ day: a.occurred_at.slice(0, 10), stage: 'occurred' }];
  for (const d of a.declarations) events.push({ day: d.filed_at.slice(0, 10), stage: 'declared' });
  for (const i of a.investigations) {
    const { extension_days: days, ...stages } = i.stages;
    for (const [stage, day] of Object.entries(stages)) if (day) events.push({ day, stage: stage as Event['stage'], ...(stage === 'extended' ? { days: days ?? 0 } : {}) });
    events.push({ day: i.clock.due, stage: 'due' });
  }
  const seen = new Set<string>();
  return events
    .filter((e) => !seen.has(e.day + e.stage) && seen.add(e.day + e.stage))
    .sort((x, y) => x.day.localeCompare(y.day) || order.indexOf(x.stage) - order.indexOf(y.stage));
}
