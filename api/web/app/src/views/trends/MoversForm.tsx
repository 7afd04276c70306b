import { useCallback, useMemo, useState } from 'react';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Schemas } from '#/api/client';
import { fileAddress, moversQuery, useMovers, useNames } from './answers';
import type { Draw } from './Chart';
import { Empty } from './Empty';
import { Figure, type Asked } from './Figure';
import { valueText } from './said';
import { memberOf, capital, nameOf } from './values';
import texts from './messages';
import { rowsHeight, rowsOption } from './options';
import { coverageOf } from './SeriesForm';
import { movesBy } from './question';
import { PointTable, useColumns, useStanding, type Column } from './Tables';

const mostDrawn = 24;

/** MoversForm asks what changed most, by how unlikely the change is and never by percent alone. */
export function MoversForm(asked: Asked) {
  const movers = useMovers(asked.q);
  return (
    <Answered of={movers} height={600}>
      {(data) => (data.movers.length === 0 ? <Empty reason={data.unranked[0]?.reason} chips={asked.chips} /> : <Movers {...asked} data={data} />)}
    </Answered>
  );
}

function Movers({ data, ...asked }: Asked & { data: Schemas['TrendMovers'] }) {
  const { q } = asked;
  const words = useWords();
  const { text, decimal, signed } = words;
  const names = useNames();
  const by = movesBy(q);
  const [picked, setPicked] = useState<string>();
  const rows = useMemo(
    () =>
      [...data.movers, ...data.unranked].map((mover) => {
        const member = by === 'month' ? String(mover.current.month) : memberOf(by, mover.current);
        return { id: member, member, label: by === 'month' ? `${words.text(texts.by.month)} ${mover.current.month}` : nameOf(words, by, mover.current, names), whole: by === 'province', figure: mover.current, mover };
      }),
    [words, by, data, names],
  );
  const of = (id: string) => rows.find((r) => r.id === id)?.mover;
  const draw = useCallback<Draw>(
    (width) => {
      const drawn = rows.filter((r) => r.mover.ratio).slice(0, mostDrawn);
      const change = (ratio: number) => (ratio - 1) * 100;
      const changes = drawn.map((r) => {
        const ratio = r.mover.ratio;
        const interval = ratio && { ...ratio, lower: change(ratio.lower), upper: change(ratio.upper ?? ratio.lower) };
        return { ...r, figure: { ...r.figure, denominator: 1, unit: { vi: '%', en: '%' }, value: r.mover.change_pct, interval } };
      });
      return rowsOption(words, { rows: changes, changes: true, reference: { value: 0, label: text(texts.noLine) }, strongIds: new Set(drawn.filter((r) => (r.mover.p_holm ?? 1) < 0.05).map((r) => r.id)) }, width);
    },
    [words, text, rows],
  );
  const columns = useColumns(rows);
  const standing = useStanding(rows);
  const probability = (p: number | null | undefined) => (p == null ? '–' : p < 0.001 ? `< ${decimal(0.001, 3)}` : decimal(p, 3));
  const changed = (m: Schemas['TrendMover'] | undefined) => (m?.change_pct == null ? '–' : `${signed(m.change_pct)}%`);
  const moves: Column[] = [
    { head: data.from, number: true, cell: (r) => { const m = of(r.id); return m ? valueText(words, m.previous) : '–'; } },
    { head: text(texts.changed), number: true, cell: (r) => changed(of(r.id)) },
    { head: text(texts.probability), number: true, cell: (r) => probability(of(r.id)?.p_value) },
    { head: text(texts.holm), number: true, cell: (r) => probability(of(r.id)?.p_holm) },
  ];
  const top = rows[0];
  const beyond = rows.filter((r) => (r.mover.p_holm ?? 1) < 0.05).length;
  return (
    <Figure
      {...asked}
      picked={picked}
      onPick={setPicked}
      answer={[top ? text(texts.moversAnswer, { n: beyond, all: data.compared, name: top.label, first: valueText(words, top.mover.previous), last: valueText(words, top.mover.current, true), change: top.mover.change_pct === null ? '' : text(texts.moversChange, { change: changed(top.mover) }) }) : '']}
      draw={draw}
      height={rowsHeight(Math.min(rows.length, mostDrawn))}
      note={text(texts.moversNote)}
      table={<PointTable caption={asked.title} rows={rows} first={{ head: capital(text(texts.by[by])), cell: (r) => r.label }} columns={[...moves.slice(0, 1), ...columns.slice(0, 1), ...moves.slice(1), ...standing]} onPick={setPicked} />}
      points={new Map(rows.map((r) => [r.id, r]))}
      figures={{ coverage: coverageOf([...data.movers.slice(0, 1).flatMap((m) => (by === 'province' ? [] : [m.previous, m.current]))]), asOf: data.movers[0]?.current.as_of, view: data.view, demonstration: data.demonstration }}
      address={fileAddress(q.measure, 'movers', moversQuery(q))}
    />
  );
}
