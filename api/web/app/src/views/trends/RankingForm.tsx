import { useCallback, useMemo, useState } from 'react';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Schemas } from '#/api/client';
import { fileAddress, rankingQuery, useRanking, useSeries } from './answers';
import type { Draw } from './Chart';
import { Empty } from './Empty';
import { Figure, type Asked } from './Figure';
import { areaName, changeText, valueText } from './said';
import { capital } from './values';
import texts from './messages';
import { rowsHeight, rowsOption } from './options';
import { PointTable, useColumns, useStanding, type Column } from './Tables';

/** RankingForm ranks the provinces of one year, and says where a rank is no finding. */
export function RankingForm(asked: Asked) {
  const { q } = asked;
  const ranking = useRanking(q);
  const nation = useSeries({ ...q, area: undefined, by: undefined, from: q.to, view: ranking.data?.view as 'live' | 'closed' | undefined }, ranking.data !== undefined);
  return (
    <Answered of={ranking} height={900}>
      {(data) => (data.values.every((v) => v.value === null) ? <Empty reason={data.values[0]?.value_reason} chips={asked.chips} /> : <Ranking {...asked} data={data} nation={nation.data?.values[0]} />)}
    </Answered>
  );
}

function Ranking({ data, nation, ...asked }: Asked & { data: Schemas['IndicatorSeries']; nation: Schemas['IndicatorValue'] | undefined }) {
  const { q } = asked;
  const words = useWords();
  const { text, name } = words;
  const [picked, setPicked] = useState<string>();
  const rows = useMemo(
    () =>
      data.values
        .map((v) => {
          const member = `${v.area.list}:${v.area.code}`;
          const label = areaName(words, v.area);
          return { id: member, member, label: v.rank?.rank ? `${v.rank.rank}. ${label}` : label, name: label, whole: true, figure: v };
        })
        .sort((a, b) => (a.figure.rank?.rank ?? 999) - (b.figure.rank?.rank ?? 999)),
    [words, data.values],
  );
  const count = asked.measure.denominators.length === 0;
  const draw = useCallback<Draw>(
    (width) => rowsOption(words, { rows, reference: nation && !count && nation.value !== null ? { value: nation.value, label: text(texts.nationLine, { value: valueText(words, nation) }) } : undefined }, width),
    [words, text, rows, nation, count],
  );
  const columns = useColumns(rows);
  const standing = useStanding(rows);
  const extra: Column[] = [
    { head: text(texts.rank), number: true, cell: (r) => { const rank = rows.find((p) => p.id === r.id)?.figure.rank; return rank?.rank ?? `– ${name(rank?.rank_reason)}`; } },
    { head: text(texts.changed), cell: (r) => { const v = rows.find((p) => p.id === r.id)?.figure; return v ? changeText(words, v) : ''; } },
  ];
  const ranked = rows.filter((r) => r.figure.rank?.rank);
  const best = ranked[0];
  const worst = ranked.at(-1);
  const byValue = ranked.toSorted((a, b) => (a.figure.value ?? 0) - (b.figure.value ?? 0));
  const fewest = byValue[0];
  const most = byValue.at(-1);
  const same = rows.filter((r) => r.figure.rank?.overlaps_nation === true).length;
  return (
    <Figure
      {...asked}
      picked={picked}
      onPick={setPicked}
      answer={[
        count && fewest && most ? text(texts.countAnswer, { fewest: fewest.name, least: valueText(words, fewest.figure), most: most.name, value: valueText(words, most.figure, true) }) : '',
        !count && best && worst ? text(texts.rankAnswer, { best: best.name, bestValue: valueText(words, best.figure), worst: worst.name, worstValue: valueText(words, worst.figure, true), same }) : '',
        count ? text(texts.rankOfCount) : '',
      ]}
      draw={draw}
      height={rowsHeight(rows.length)}
      note={`${text(texts.rankNote)}${count ? '' : ` ${text(texts.rankNation)}`}`}
      table={<PointTable caption={asked.title} rows={rows} first={{ head: capital(text(texts.by.province)), cell: (r) => rows.find((p) => p.id === r.id)?.name }} columns={[...extra.slice(0, 1), ...columns, ...extra.slice(1), ...standing]} onPick={setPicked} />}
      points={new Map(rows.map((r) => [r.id, { ...r, label: r.name }]))}
      figures={{ coverage: nation?.coverage ? [{ period: nation.period, of: nation.coverage }] : [], asOf: data.values[0]?.as_of, view: data.view, demonstration: data.demonstration }}
      address={fileAddress(q.measure, 'series', rankingQuery(q))}
    />
  );
}
