import { useMemo, useState } from 'react';
import type { Schemas } from '#/api/client';
import type { LegendEntry } from '#/figures/Legend';
import { ProvinceMap } from '#/figures/ProvinceMap';
import type { TileValue } from '#/figures/TileMap';
import { columns, rampStep } from '#/figures/tilegrid';
import { islands, tiles, type ProvinceList } from '#/figures/tiles';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Words } from '#/language/words';
import { fileAddress, rankingQuery, useRanking } from './answers';
import { classesOf, type Classes } from './classes';
import { Empty } from './Empty';
import { Figure, type Asked } from './Figure';
import texts from './messages';
import { escaped } from './picture';
import { PointTable, useColumns, useStanding } from './Tables';
import { amount, areaName, intervalText, valueText, type Value } from './said';
import { capital, type Line } from './values';

/** MapForm shows the provinces of one year about where they lie. */
export function MapForm(asked: Asked) {
  const list: ProvinceList = asked.q.geo === '63' ? '63' : '34';
  const q = { ...asked.q, geo: list };
  const values = useRanking(q);
  const cut = useRanking({ ...q, to: q.last });
  return (
    <Answered of={values} height={700}>
      {(data) => {
        if (data.values.every((v) => v.value === null)) return <Empty reason={data.values[0]?.value_reason} chips={asked.chips} />;
        return <Tiles {...asked} q={q} list={list} data={data} classes={classesOf((cut.data?.values ?? []).flatMap((v) => v.value ?? []))} />;
      }}
    </Answered>
  );
}

function Tiles({ list, data, classes, ...asked }: Asked & { list: ProvinceList; data: Schemas['IndicatorSeries']; classes: Classes | undefined }) {
  const { q } = asked;
  const words = useWords();
  const { text } = words;
  const [picked, setPicked] = useState<string>();
  const rows = useMemo(() => data.values.map((v) => ({ id: `${v.area.list}:${v.area.code}`, member: `${v.area.list}:${v.area.code}`, label: areaName(words, v.area), whole: true, figure: v })), [words, data.values]);
  const shown: Record<string, TileValue> = Object.fromEntries(data.values.map((v) => [v.area.code, tileOf(words, v, classes)]));
  const most = rows.reduce<(typeof rows)[number] | undefined>((a, b) => (b.figure.value !== null && b.figure.value > (a?.figure.value ?? -1) ? b : a), undefined);
  const count = asked.measure.denominators.length === 0;
  const legend = classes ? legendOf(words, classes, count) : [];
  const columnsOf = useColumns(rows);
  const standing = useStanding(rows);
  return (
    <Figure
      {...asked}
      picked={picked}
      onPick={setPicked}
      answer={[most ? text(count ? texts.most : texts.largest, { period: data.values[0]?.period, name: most.label, value: valueText(words, most.figure, true) }) : '', count ? text(texts.rankOfCount) : '']}
      drawing={
        <div className="map-and-most">
          <ProvinceMap list={list} values={shown} legend={legend} label={asked.title} chosen={picked?.slice(3)} onChoose={(code) => setPicked(`${list}:${code}`)} />
          <Most rows={rows} title={text(count ? texts.mostHead : texts.highestHead)} />
        </div>
      }
      picture={() => drawn(list, shown, legend)}
      height={0}
      note={text(texts.mapNote, { year: String(q.last) })}
      table={<PointTable caption={asked.title} rows={rows} first={{ head: capital(text(texts.by.province)), cell: (r) => r.label }} columns={[...columnsOf, ...standing]} onPick={setPicked} />}
      points={new Map(rows.map((r) => [r.id, r]))}
      figures={{ coverage: [], asOf: data.values[0]?.as_of, view: data.view, demonstration: data.demonstration }}
      address={fileAddress(q.measure, 'series', rankingQuery(q))}
    />
  );
}

const mostNamed = 10;

/** Most names the provinces with the largest values, where there is room beside the map: a tile has no room for a name. */
function Most({ rows, title }: { rows: Line['points']; title: string }) {
  const words = useWords();
  const top = rows.filter((r) => r.figure.value !== null).sort((a, b) => (b.figure.value ?? 0) - (a.figure.value ?? 0)).slice(0, mostNamed);
  return (
    <section className="most" aria-label={title}>
      <h2>{title}</h2>
      <ol>
        {top.map((r) => (
          <li key={r.id}>
            <span>{r.label}</span>
            <strong>{valueText(words, r.figure)}</strong>
            <span className="quiet">{intervalText(words, r.figure)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function tileOf(words: Words, v: Value, classes: Classes | undefined): TileValue {
  const name = areaName(words, v.area);
  if (v.value === null) return { text: '–', status: 'not_assessable', words: words.name(v.value_reason), name };
  return { text: valueText(words, v), ramp: classes && rampStep(v.value, classes), words: valueText(words, v, true), name };
}

function legendOf(words: Words, classes: Classes, count: boolean): LegendEntry[] {
  const cut = classes.map((c) => amount(words, c, count));
  const named = (ramp: 1 | 2 | 3 | 4 | 5) => {
    if (ramp === 1) return words.text(texts.below, { to: cut[0] });
    return ramp === 5 ? words.text(texts.atLeast, { from: cut[3] }) : words.text(texts.between, { from: cut[ramp - 2], to: cut[ramp - 1] });
  };
  return ([1, 2, 3, 4, 5] as const).map((ramp) => ({ ramp, words: named(ramp) }));
}

const side = 54;
const ramp = { 1: '#eef3f8', 2: '#cfe0ee', 3: '#a3c4e0', 4: '#6fa3cf', 5: '#1d5e99' };

/** drawn is the map as a picture: what leaves the page has the archipelagos, too. */
function drawn(list: ProvinceList, values: Record<string, TileValue>, legend: LegendEntry[]) {
  const cells = tiles[list].map((t) => {
    const value = values[t.code];
    const ink = value?.ramp === 5 ? '#fff' : '#1f2933';
    const fill = value?.ramp ? ramp[value.ramp] : '#fff';
    const middle = t.col * side + side / 2;
    return `<rect x="${t.col * side + 1}" y="${t.row * side + 1}" width="${side - 2}" height="${side - 2}" rx="4" fill="${fill}" stroke="#cbd2d9"/><text x="${middle}" y="${t.row * side + 24}" text-anchor="middle" font-family="sans-serif" font-size="14" font-weight="700" fill="${ink}">${escaped(t.abbr)}</text><text x="${middle}" y="${t.row * side + 42}" text-anchor="middle" font-family="sans-serif" font-size="13" fill="${ink}">${escaped(value?.text ?? '–')}</text>`;
  });
  const labels = islands[list].map((i) => `<text x="${i.col * side + side / 2}" y="${i.row * side + 30}" text-anchor="middle" font-family="sans-serif" font-size="12" font-style="italic" fill="#52606d">${escaped(i.name)}</text>`);
  const rows = 1 + Math.max(...tiles[list].map((t) => t.row), ...islands[list].map((i) => i.row));
  const classes = legend.map((l, i) => {
    const y = rows * side + 12 + i * 24;
    return `<rect x="1" y="${y}" width="20" height="18" fill="${l.ramp ? ramp[l.ramp] : '#fff'}" stroke="#cbd2d9"/><text x="30" y="${y + 14}" font-family="sans-serif" font-size="14" fill="#1f2933">${escaped(l.words)}</text>`;
  });
  return { drawing: [...cells, ...labels, ...classes].join(''), width: columns(list) * side + 16, height: rows * side + 16 + legend.length * 24 };
}
