import { useCallback, useMemo, useState } from 'react';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Schemas } from '#/api/client';
import { chartQuery, fileAddress, useControl, useNames } from './answers';
import type { Draw } from './Chart';
import { Dots } from './Dots';
import { Empty } from './Empty';
import { Figure, type Asked } from './Figure';
import { amount } from './said';
import { linesOf, memberOf, nameOf, periodName, pointsOf } from './values';
import texts from './messages';
import { controlOption } from './options';
import { coverageOf } from './SeriesForm';
import { PointTable, useColumns, useStanding, type Column } from './Tables';

/** ControlForm asks whether a change is more than chance: a centre, exact limits, what signals. */
export function ControlForm(asked: Asked) {
  const control = useControl(asked.q);
  return (
    <Answered of={control} height={520}>
      {(data) => (data.charts.every((c) => c.points.every((p) => p.value === null)) ? <Empty reason={data.charts[0]?.points[0]?.value_reason} chips={asked.chips} /> : <Control {...asked} data={data} />)}
    </Answered>
  );
}

function Control({ data, ...asked }: Asked & { data: Schemas['TrendChartSet'] }) {
  const { q } = asked;
  const words = useWords();
  const { text, name } = words;
  const names = useNames();
  const [picked, setPicked] = useState<string>();
  const members = data.charts.flatMap((c) => (c.points[0] ? [{ member: keyOf(c.points[0]), label: labelOf(c.points[0]), chart: c }] : []));
  // The chart of a month is of that month in every year.
  function keyOf(v: Schemas['TrendPoint']) {
    return q.by === 'month' ? String(v.month) : memberOf(q.by, v);
  }
  function labelOf(v: Schemas['TrendPoint']) {
    return q.by === 'month' ? `${text(texts.by.month)} ${v.month}` : nameOf(words, q.by, v, names);
  }
  const chosen = members.find((m) => m.member === q.line) ?? members[0];
  const chart = chosen?.chart ?? data.charts[0];
  const line = useMemo(() => linesOf(words, q.by === 'month' ? undefined : q.by, chart?.points ?? [], names), [words, q.by, chart, names]);
  const shown = useMemo(
    () =>
      (line.lines[0]?.points ?? []).map((p, i) => {
        const period = chart?.points[i]?.period ?? '';
        return { ...p, limits: chart?.points[i]?.limits ?? null, position: chart?.points[i]?.position, signals: chart?.signals.filter((s) => s.periods.includes(period)) ?? [], signal: chart?.signals.some((s) => s.periods.includes(period)) ?? false };
      }),
    [line, chart],
  );
  const draw = useCallback<Draw>(() => controlOption(words, { points: shown, periods: line.periods, centre: chart?.centre ?? null }), [words, shown, line.periods, chart]);
  const columns = useColumns(shown);
  const standing = useStanding(shown);
  if (!chart || !line.lines[0]) return null;
  const count = asked.measure.denominators.length === 0;
  const few = chart.small_numbers && count;
  const judged: Column[] = [
    { head: text(texts.limits), number: true, cell: (r) => limitsOf(r.id) },
    { head: text(texts.signal), cell: (r) => shown.find((p) => p.id === r.id)?.signals.map((s) => text(texts.rules[s.rule as keyof typeof texts.rules])).filter((s, i, all) => all.indexOf(s) === i).join('; ') || '–' },
  ];
  function limitsOf(id: string) {
    const limits = shown.find((p) => p.id === id)?.limits;
    return limits ? `${amount(words, limits.action_lower, false)}–${amount(words, limits.action_upper, false)}` : '–';
  }
  const signalled = shown.filter((p) => p.signal);
  const centre = chart.centre === null ? '–' : amount(words, chart.centre, false);
  return (
    <Figure
      {...asked}
      picked={picked}
      onPick={setPicked}
      answer={[
        (q.by ? `${chosen?.label}: ` : '') +
          (chart.centre === null ? text(texts.notAssessable, { reason: name(chart.centre_reason) }) : text(texts.signals, { n: signalled.length, centre, periods: signalled.map((p) => periodName(words, p.figure)).join(', ') })),
        chart.baseline.dispersion?.overdispersed ? text(texts.overdispersed) : '',
      ]}
      draw={few ? undefined : draw}
      drawing={few ? <Dots points={shown} label={asked.title} /> : undefined}
      height={380}
      note={few ? text(texts.dotsNote, { unit: name(shown[0]?.figure.unit) }) : text(texts.limitsNote)}
      table={<PointTable caption={asked.title} rows={shown} first={{ head: text(texts.year), cell: (r) => periodName(words, r.figure) }} columns={[...columns, ...judged, ...standing]} onPick={setPicked} />}
      points={pointsOf(line.lines)}
      members={members.length > 1 ? members : undefined}
      membersLabel={text(texts.whichChart)}
      figures={{ coverage: coverageOf(chart.points), asOf: chart.points.at(-1)?.as_of, view: data.view, demonstration: data.demonstration }}
      address={fileAddress(q.measure, 'chart', chartQuery(q))}
    />
  );
}
