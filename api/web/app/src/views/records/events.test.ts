import { expect, it } from 'vitest';
import { eventsOf } from './events';

const declared = (filed_at: string) => ({ report_id: filed_at, revision: 1, filed_at, unit: 'u', reporter_province: { list: '34' as const, code: '01' }, occurred_at: '', victims: 1 });

it('tells an accident in the order of its days, each thing once', () => {
  const events = eventsOf({
    occurred_at: '2025-03-01T10:00:00+07:00',
    declarations: [declared('2025-03-02T08:00:00+07:00'), declared('2025-03-02T09:00:00+07:00')],
    investigations: [
      {
        report_id: 'i', revision: 1, accident_id: 'a', accident_on: '2025-03-01', province: { list: '34', code: '01' }, unit: 'u', level: 'province', severity: 'fatal', severity_filed: 'fatal',
        stages: { news_received: '2025-03-01', opened: '2025-03-03', extended: '2025-03-20', extension_days: 30, published: '2025-04-10' },
        clock: { state: 'published_in_time', start: '2025-03-01', due: '2025-04-30', limit_days: 30, extension_days: 30, days_left: 20 },
      },
    ],
  });
  expect(events).toEqual([
    { day: '2025-03-01', stage: 'occurred' },
    { day: '2025-03-01', stage: 'news_received' },
    { day: '2025-03-02', stage: 'declared' },
    { day: '2025-03-03', stage: 'opened' },
    { day: '2025-03-20', stage: 'extended', days: 30 },
    { day: '2025-04-10', stage: 'published' },
    { day: '2025-04-30', stage: 'due' },
  ]);
});
