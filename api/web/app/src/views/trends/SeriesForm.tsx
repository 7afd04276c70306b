import { useCallback, useMemo, useState } from 'react';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Words } from '#/language/words';
import type { Schemas } from '#/api/client';
import { fileAddress, seriesQuery, useNames, useSeries } from './answers';
import type { Draw } from './Chart';
import { Dots } from './Dots';
import { Empty } from './Empty';
import { Figure, type Asked } from './Figure';
import { valueText, wholeAnswer, type Value } from './said';
import { capital, linesOf, periodName, pointsOf, type Line } from './values';
import texts from './messages';
import { linesOption, rowsHeight, rowsOption, strong } from './options';
import { MatrixTable, PointTable, useColumns, useStanding } from './Tables';
import type { Question } from './question';

/** SeriesForm shows values over periods, or the parts of one period. */
export function SeriesForm(asked: Asked) {
  const { q } = asked;
  const series = useSeries(q);
  // The parts alone do not say how the whole went.
  const total = useSeries({ ...q, by: undefined }, q.by !== undefined);
  return (
    <Answered of={series} height={520}>
      {(data) => (data.values.every((v) => v.value === null && v.numerator === null) ? <Empty reason={data.values[0]?.value_reason} chips={asked.chips} /> : <Series {...asked} data={data} total={q.by ? total.data : data} />)}
    </Answered>
  );
}

function Series({ data, total, ...asked }: Asked & { data: Schemas['IndicatorSeries']; total: Schemas['IndicatorSeries'] | undefined }) {
  const { q, measure } = asked;
  const words = useWords();
  const { text } = words;
  const names = useNames();
  const [picked, setPicked] = useState<string>();
  const { lines, periods } = useMemo(() => linesOf(words, q.by, data.values, names), [words, q.by, data.values, names]);
  const parts = q.by !== undefined && q.by !== 'month' && periods.length === 1;
  const rows = useMemo(() => (parts ? lines.flatMap((l) => l.points).sort((a, b) => (b.figure.value ?? -1) - (a.figure.value ?? -1)) : []), [parts, lines]);
  const colours = useMemo(() => strong(lines, q.line), [lines, q.line]);
  const draw = useCallback<Draw>((width) => (parts ? rowsOption(words, { rows }, width) : linesOption(words, lines, periods, colours, width)), [words, parts, rows, lines, periods, colours]);
  const grey = lines.filter((l) => !colours.has(l.member));
  const named = !parts && grey.length > 0 ? text(texts.others, { n: grey.length, names: grey.map((l) => l.label).join('; ') }) : '';
  const single = lines.length === 1 && lines[0] ? lines[0] : undefined;
  const few = single !== undefined && q.by === undefined && isFew(measure, single);
  const shownRows = single ? single.points : rows;
  const columns = useColumns(shownRows);
  const standing = useStanding(shownRows);
  const last = total?.values ?? data.values;
  return (
    <Figure
      {...asked}
      picked={picked}
      onPick={setPicked}
      answer={[...wholeAnswer(words, q.by, total), ...partsAnswer(words, q, lines, data)]}
      draw={few ? undefined : draw}
      drawing={few && single ? <Dots points={single.points} label={text(texts.chartLabel, { title: asked.title, answer: '' })} /> : !parts && lines.length > 1 ? <Legend lines={lines} colours={colours} /> : undefined}
      height={parts ? rowsHeight(rows.length) : 380}
      note={few ? text(texts.dotsNote, { unit: words.name(single?.points[0]?.figure.unit) }) : single ? text(texts.whisker) : text(texts.linesNote)}
      pictureNotes={named ? [named] : undefined}
      aside={named && <p className="quiet note">{named}</p>}
      table={
        single || parts ? (
          <PointTable caption={asked.title} rows={shownRows} first={single ? { head: text(texts.year), cell: (r) => periodName(words, r.figure) } : { head: capital(text(q.by ? texts.by[q.by] : texts.area)), cell: (r) => r.label }} columns={[...columns, ...standing]} onPick={setPicked} />
        ) : (
          <MatrixTable caption={asked.title} head={q.by ? capital(text(texts.by[q.by])) : ''} lines={lines} onPick={setPicked} />
        )
      }
      points={pointsOf(lines)}
      members={parts || single ? undefined : lines}
      figures={{ coverage: coverageOf(last), asOf: last.at(-1)?.as_of, view: data.view, demonstration: data.demonstration }}
      address={fileAddress(q.measure, 'series', seriesQuery(q))}
    />
  );
}

export function coverageOf(values: Value[]) {
  const seen = new Map<string, Schemas['IndicatorCoverage']>();
  for (const v of values) if (v.coverage && !seen.has(v.period)) seen.set(v.period, v.coverage);
  return [...seen].map(([period, of]) => ({ period, of }));
}

/** isFew tells whether single cases tell more than a line through them. */
function isFew(measure: Asked['measure'], line: Line): boolean {
  return measure.denominators.length === 0 && measure.interval === 'poisson' && line.points.every((p) => (p.figure.value ?? 0) < 20);
}

/** partsAnswer says which part is the largest, and how many moved by more than noise. */
function partsAnswer(words: Words, q: Question, lines: Line[], data: Schemas['IndicatorSeries']): string[] {
  if (!q.by || lines.length < 2) return [];
  const lasts = lines.flatMap((l) => l.points.at(-1) ?? []).filter((p) => p.figure.value !== null);
  const most = lasts.reduce<(typeof lasts)[number] | undefined>((a, b) => (a === undefined || (b.figure.value ?? 0) > (a.figure.value ?? 0) ? b : a), undefined);
  if (!most) return [];
  const largest = words.text(most.figure.denominator === null ? texts.most : texts.largest, { period: most.figure.period, name: most.label, value: valueText(words, most.figure, true) });
  if (q.from === q.to) return [largest];
  const ends = data.values.filter((v) => v.period.startsWith(String(q.to)) && v.compared?.within_noise === false);
  const down = ends.filter((v) => (v.compared?.change_pct ?? 0) < 0).length;
  return [largest, words.text(texts.beyondNoise, { n: ends.length, down, up: ends.length - down, from: String(q.from), to: String(q.to), by: words.text(texts.by[q.by]) })];
}

/** Legend names the coloured lines where they have no room for their names. */
function Legend({ lines, colours }: { lines: Line[]; colours: Map<string, number> }) {
  const last = (l: Line) => l.points.at(-1)?.figure.value ?? -1;
  return (
    <ul className="line-names">
      {lines.filter((l) => colours.has(l.member)).sort((a, b) => last(b) - last(a)).map((l) => (
        <li key={l.member}><span className={`line-swatch line-${colours.get(l.member)}`} aria-hidden /> {l.label}</li>
      ))}
    </ul>
  );
}
