import type { Words } from '#/language/words';
import type { Schemas } from '#/api/client';
import type { Option } from './Chart';
import { amount, intervalText, valueText, type Figure } from './said';
import type { Line, Point } from './values';
import texts from './messages';
import { wrapped } from './picture';

// What the chart library is told to draw. Colours are told apart by whoever sees few of them, and
// lines by their dots as well.

export const ink = '#1f2933';
export const quiet = '#52606d';
export const faint = '#b8c1cc';
export const accent = '#0063c1';
export const alarm = '#b3400f';
export const palette = ['#0063c1', '#b3400f', '#00666e', '#7a3e9d', '#8a6100', '#a3195b', '#3d4a57', '#4b7a00'];
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'circle', 'rect', 'triangle'];
const font = "'Source Sans 3 Variable', 'Source Sans 3', sans-serif";
const rule = { lineStyle: { color: '#e4e7eb' } };
const axisLine = { lineStyle: { color: quiet } };
const axisLabel = { color: quiet, fontSize: 15 };

/** How the lines are shown: eight in colour at most, or the one that was asked for. */
export function strong(lines: Line[], asked: string | undefined): Map<string, number> {
  if (asked !== undefined && lines.some((l) => l.member === asked)) return new Map([[asked, 0]]);
  const last = (l: Line) => l.points.findLast((p) => p.figure.value !== null)?.figure.value ?? -1;
  const order = lines.length <= palette.length ? lines : [...lines].sort((a, b) => last(b) - last(a)).slice(0, palette.length);
  return new Map(order.map((l, i) => [l.member, i]));
}

const base = { animation: false, textStyle: { fontFamily: font, color: ink, fontSize: 15 }, aria: { enabled: false } };

const bubble = { renderMode: 'richText' as const, confine: true, backgroundColor: '#fff', borderColor: quiet, textStyle: { color: ink, fontFamily: font, fontSize: 15 } };

/** dot is hollow while a figure is provisional. */
const dot = (f: Figure, colour: string) => ({ color: f.status === 'provisional' ? '#fff' : colour, borderColor: colour, borderWidth: 2 });

const tip = (words: Words, p: Point, period: string) =>
  `${p.label} · ${period}\n${valueText(words, p.figure, true)}${p.figure.interval ? ` ${intervalText(words, p.figure)}` : ''}${p.figure.value === null ? words.name(p.figure.value_reason) : ''}`;

interface TipOf {
  data?: { tip?: string } | null;
}
const tooltip = { ...bubble, trigger: 'item' as const, formatter: (of: unknown) => (of as TipOf).data?.tip ?? '' };

const axisAmount = (words: Words, count: boolean) => (n: number) => (count || n >= 100 ? words.whole(n) : n === 0 ? '0' : words.decimal(n, n % 1 === 0 ? 0 : n < 1 ? 2 : 1));

/** Lines over periods, whiskers where there is one line. */
export function linesOption(words: Words, lines: Line[], periods: string[], colours: Map<string, number>, width: number): Option {
  const named = width >= 640 && lines.length > 1;
  const single = lines.length === 1;
  const count = lines[0]?.points[0]?.figure.denominator === null;
  const drawn = [...lines].sort((a, b) => (colours.has(a.member) ? 1 : 0) - (colours.has(b.member) ? 1 : 0));
  return {
    ...base,
    tooltip,
    grid: { left: 8, right: named ? 250 : 20, top: 24, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'category', data: periods, axisLine, axisTick: { show: false }, axisLabel: { ...axisLabel, hideOverlap: true } },
    yAxis: { type: 'value', min: 0, axisLabel: { ...axisLabel, formatter: axisAmount(words, count) }, splitLine: rule, splitNumber: 4 },
    series: [
      ...drawn.map((line) => {
        const rank = colours.get(line.member);
        const colour = rank === undefined ? faint : (palette[rank] ?? accent);
        return {
          type: 'line',
          data: line.points.map((p, i) => ({ id: p.id, value: p.figure.value, tip: tip(words, p, periods[i] ?? ''), itemStyle: dot(p.figure, colour), symbolSize: rank === undefined ? 4 : 9 })),
          symbol: rank === undefined ? 'circle' : symbols[rank],
          showAllSymbol: periods.length <= 24,
          showSymbol: periods.length <= 24,
          connectNulls: false,
          z: rank === undefined ? 2 : 3,
          lineStyle: { color: colour, width: rank === undefined ? 1 : 2.5 },
          emphasis: { focus: 'series' },
        };
      }),
      ...(single && lines[0] ? [whiskers(lines[0], false)] : []),
      ...(named ? [lineNames(drawn, colours, periods.length - 1)] : []),
    ],
  };
}

const lineHeight = 17;
const namesHeight = 320;

/** lineNames writes the names of the coloured lines at their ends, moved apart where they would meet. */
function lineNames(lines: Line[], colours: Map<string, number>, last: number) {
  const named = lines.flatMap((line) => {
    const rank = colours.get(line.member);
    const value = line.points.findLast((p) => p.figure.value !== null)?.figure.value;
    if (rank === undefined || value == null) return [];
    return [{ words: wrapped(line.label, 34), value, colour: palette[rank] ?? accent }];
  });
  // Names of three lines only where all of them have room; what is cut says so.
  const tall = (most: number) => named.reduce((sum, e) => sum + Math.min(e.words.length, most) * lineHeight + 3, 0);
  const most = tall(3) <= namesHeight ? 3 : 2;
  const ends = named.map(({ words, ...e }) => {
    const text = words.length <= most ? words : [...words.slice(0, most - 1), `${words[most - 1]}…`];
    return { ...e, text: text.join('\n'), height: text.length * lineHeight + 3 };
  });
  const renderItem = (of: { coordSys: { y: number; height: number } }, api: Api) => {
    const placed = apart(ends.map((e) => ({ ...e, x: api.coord([last, e.value])[0], y: api.coord([last, e.value])[1] })), of.coordSys.y + of.coordSys.height);
    return {
      type: 'group',
      children: placed.flatMap((e) => [
        { type: 'line', shape: { x1: e.x + 7, y1: e.at, x2: e.x + 18, y2: e.y }, style: { stroke: e.colour, lineWidth: 1 } },
        { type: 'text', x: e.x + 22, y: e.y, style: { text: e.text, fill: e.colour, font: `15px ${font}`, lineHeight, verticalAlign: 'middle' } },
      ]),
    };
  };
  return { type: 'custom', renderItem, data: [[last, ends[0]?.value ?? 0]], silent: true, z: 5, clip: false, tooltip: { show: false } };
}

/** apart moves names down until none covers another, and up again from the bottom. */
export function apart<T extends { y: number; height: number }>(all: T[], bottom: number): (T & { at: number })[] {
  const sorted = [...all].sort((a, b) => a.y - b.y).map((e) => ({ ...e, at: e.y }));
  sorted.forEach((e, i) => {
    const above = sorted[i - 1];
    if (above) e.y = Math.max(e.y, above.y + (above.height + e.height) / 2);
  });
  for (let i = sorted.length - 1; i >= 0; i--) {
    const e = sorted[i];
    const below = sorted[i + 1];
    if (e) e.y = Math.min(e.y, below ? below.y - (below.height + e.height) / 2 : bottom);
  }
  return sorted;
}

interface Api {
  value: (dimension: number) => number;
  coord: (at: [number, number]) => [number, number];
}

/** whiskers are the intervals of values, up and down or across. */
function whiskers(line: Line, across: boolean) {
  const data = line.points.flatMap((p, i) => {
    const interval = p.figure.interval;
    return interval && interval.upper !== null ? [across ? [interval.lower, i, interval.upper] : [i, interval.lower, interval.upper]] : [];
  });
  const renderItem = (_: unknown, api: Api) => {
    const [from, to] = across
      ? [api.coord([api.value(0), api.value(1)]), api.coord([api.value(2), api.value(1)])]
      : [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])];
    return { type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: quiet, lineWidth: 1.5, fill: undefined }, silent: true };
  };
  return { type: 'custom', renderItem, data, silent: true, z: 1, clip: across, encode: across ? { x: [0, 2], y: 1 } : { x: 0, y: [1, 2] }, tooltip: { show: false } };
}

/** Rows with a dot and a whisker each: provinces that are ranked, parts of one year, changes in percent. */
export interface RowsOf {
  rows: Line['points'];
  reference?: { value: number; label: string };
  changes?: boolean;
  strongIds?: Set<string>;
}

/** Changes beyond this are drawn at the edge: they come of a handful of cases. */
const widest = 300;

const rowHeight = 26;
export const rowsHeight = (n: number) => n * rowHeight + 64;

export function rowsOption(words: Words, { rows, reference, changes, strongIds }: RowsOf, width: number): Option {
  const count = rows[0]?.figure.denominator === null;
  const labelWidth = width < 480 ? 120 : 280;
  const side = { type: 'category', inverse: true, axisTick: { show: false }, axisLine: { show: false } };
  const written = (f: Figure) => (changes && f.value !== null ? `${words.signed(f.value, 0)}%` : valueText(words, f));
  return {
    ...base,
    tooltip,
    grid: { left: 8, right: 24, top: 32, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'value',
      min: changes ? undefined : 0,
      max: changes ? (range: { max: number }) => Math.min(range.max, widest) : undefined,
      axisLabel: { ...axisLabel, hideOverlap: true, formatter: changes ? (n: number) => `${words.signed(n, 0)}%` : axisAmount(words, count) },
      splitLine: rule,
      splitNumber: width < 480 ? 3 : 6,
    },
    // Names on the left, values on the right: a row is read without a pointer.
    yAxis: [
      { ...side, data: rows.map((r) => r.label), axisLabel: { ...axisLabel, color: ink, width: labelWidth, overflow: 'truncate', interval: 0 } },
      { ...side, position: 'right', data: rows.map((r) => written(r.figure)), axisLabel: { ...axisLabel, color: ink, fontWeight: 600, interval: 0, align: 'right', margin: changes ? 64 : 52 } },
    ],
    series: [
      whiskers({ member: '', label: '', points: rows }, true),
      {
        type: 'scatter',
        symbolSize: 11,
        z: 3,
        data: rows.map((r, i) => ({ id: r.id, value: [r.figure.value, i], tip: tip(words, r, r.figure.period), itemStyle: dot(r.figure, !strongIds || strongIds.has(r.id) ? accent : '#7b8794') })),
        markLine: reference && {
          silent: true,
          symbol: 'none',
          data: [{ xAxis: reference.value }],
          lineStyle: { color: ink, type: 'dashed', width: 1.5 },
          label: { formatter: reference.label, position: 'start', color: ink, fontSize: 15 },
        },
      },
    ],
  };
}

/** Limits around a centre: of periods in order, or of provinces by their workers. */
type Limits = Schemas['TrendLimits'] | null;
const names = ['action_upper', 'warning_upper', 'warning_lower', 'action_lower'] as const;
const dashes: Record<(typeof names)[number], number[]> = { action_upper: [7, 4], action_lower: [7, 4], warning_upper: [2, 4], warning_lower: [2, 4] };

function limitLines(at: (x: number, y: number | null) => unknown, limits: Limits[], step: boolean) {
  return names.map((name) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    step: step ? 'middle' : undefined,
    z: 1,
    tooltip: { show: false },
    lineStyle: { color: name.startsWith('action') ? ink : quiet, width: 1.25, type: dashes[name] },
    data: limits.map((l, i) => at(i, l ? l[name] : null)),
  }));
}

export interface Control {
  points: (Line['points'][number] & { limits: Limits; signal: boolean })[];
  periods: string[];
  centre: number | null;
}

export function controlOption(words: Words, { points, periods, centre }: Control): Option {
  const count = points[0]?.figure.denominator === null;
  const low = Math.min(...points.flatMap((p) => [p.figure.value ?? Infinity, p.limits?.action_lower ?? Infinity]));
  return {
    ...base,
    tooltip,
    grid: { left: 8, right: 56, top: 32, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'category', data: periods, axisLine, axisTick: { show: false }, axisLabel: { ...axisLabel, hideOverlap: true } },
    yAxis: { type: 'value', min: Number.isFinite(low) ? Math.max(0, Math.floor(low * 0.9)) : 0, axisLabel: { ...axisLabel, showMinLabel: low * 0.9 <= 0, formatter: axisAmount(words, count) }, splitLine: { show: false }, splitNumber: 4 },
    series: [
      ...limitLines((i, y) => [i, y], points.map((p) => p.limits), true),
      {
        type: 'line',
        symbol: 'circle',
        z: 3,
        lineStyle: { color: accent, width: 2.5 },
        connectNulls: false,
        data: points.map((p, i) => ({ id: p.id, value: p.figure.value, symbolSize: 9, tip: tip(words, p, periods[i] ?? ''), itemStyle: dot(p.figure, accent) })),
        markLine: centre === null ? undefined : {
          silent: true, symbol: 'none', data: [{ yAxis: centre }], lineStyle: { color: quiet, type: 'solid', width: 1.25 },
          label: { formatter: amount(words, centre, false), position: 'end', color: ink, fontSize: 15 },
        },
      },
      {
        type: 'scatter',
        silent: true,
        symbol: 'circle',
        symbolSize: 24,
        z: 4,
        tooltip: { show: false },
        itemStyle: { color: 'transparent', borderColor: alarm, borderWidth: 2.5 },
        data: points.flatMap((p, i) => (p.signal && p.figure.value !== null ? [[i, p.figure.value]] : [])),
      },
    ],
  };
}

export interface FunnelOf {
  points: (Line['points'][number] & { limits: Limits; outside: boolean })[];
  centre: number | null;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const apartFrom = (a: Box, b: Box) => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

/** placeBeside finds room for a name beside its dot, within an area and beside all that is there. */
export function placeBeside(dot: { x: number; y: number }, size: { width: number; height: number }, area: Box, taken: Box[]): Box | undefined {
  const middle = dot.y - size.height / 2;
  const tries = [
    { x: dot.x + 10, y: middle },
    { x: dot.x - 10 - size.width, y: middle },
    { x: dot.x - size.width / 2, y: dot.y - 10 - size.height },
    { x: dot.x - size.width / 2, y: dot.y + 10 },
  ].map((at) => ({ ...at, ...size }));
  return tries.find((b) => b.x >= area.x && b.x + b.width <= area.x + area.width && b.y >= area.y && b.y + b.height <= area.y + area.height && taken.every((t) => apartFrom(b, t)));
}

const letter = 7.6;

/** pointNames names the dots that lie outside, as far as there is room; the table names all. */
function pointNames(shown: FunnelOf['points']) {
  const renderItem = (of: { coordSys: Box }, api: Api) => {
    const dots = shown.map((p) => ({ p, at: api.coord([p.figure.denominator ?? 1, p.figure.value ?? 0]) }));
    const taken = dots.map(({ at: [x, y] }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }));
    const children = dots.flatMap(({ p, at: [x, y] }) => {
      const place = p.outside ? placeBeside({ x, y }, { width: p.label.length * letter, height: 18 }, of.coordSys, taken) : undefined;
      if (!place) return [];
      taken.push(place);
      return [{ type: 'text', x: place.x, y: place.y + 9, style: { text: p.label, fill: ink, font: `15px ${font}`, verticalAlign: 'middle' } }];
    });
    return { type: 'group', children };
  };
  return { type: 'custom', renderItem, data: [[shown[0]?.figure.denominator ?? 1, 0]], silent: true, z: 5, tooltip: { show: false } };
}

export function funnelOption(words: Words, { points, centre }: FunnelOf): Option {
  const shown = points.filter((p) => p.figure.value !== null && p.figure.denominator).sort((a, b) => (a.figure.denominator ?? 0) - (b.figure.denominator ?? 0));
  const exposures = shown.map((p) => p.figure.denominator ?? 1);
  return {
    ...base,
    tooltip,
    grid: { left: 8, right: 24, top: 24, bottom: 32, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'log', min: (exposures[0] ?? 1) * 0.9, max: (exposures.at(-1) ?? 10) * 1.1, name: words.text(texts.axisWorkers), nameLocation: 'middle', nameGap: 32, nameTextStyle: { color: quiet, fontSize: 15 },
      axisLine, splitLine: { show: false }, axisLabel: { ...axisLabel, hideOverlap: true, margin: 14, showMinLabel: true, showMaxLabel: true, formatter: (n: number) => words.whole(Number(n.toPrecision(2))) },
    },
    yAxis: { type: 'value', min: 0, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...axisLabel, formatter: axisAmount(words, false) }, splitLine: { show: false }, splitNumber: 4 },
    series: [
      ...limitLines((i, y) => [exposures[i], y], shown.map((p) => p.limits), false),
      {
        type: 'scatter',
        z: 3,
        data: shown.map((p) => ({
          id: p.id,
          value: [p.figure.denominator, p.figure.value],
          symbolSize: 11,
          symbol: p.outside ? 'diamond' : 'circle',
          tip: tip(words, p, p.figure.period),
          itemStyle: dot(p.figure, p.outside ? alarm : accent),
        })),
        markLine: centre === null ? undefined : { silent: true, symbol: 'none', data: [{ yAxis: centre }], lineStyle: { color: quiet, type: 'solid', width: 1.25 }, label: { show: false } },
      },
      pointNames(shown),
    ],
  };
}
