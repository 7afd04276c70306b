import { Button } from '@navikt/ds-react';
import { useCallback, useMemo, useState } from 'react';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Schemas } from '#/api/client';
import { fileAddress, funnelQuery, useFunnel } from './answers';
import type { Draw } from './Chart';
import { Figure, type Asked } from './Figure';
import { amount, areaName } from './said';
import { capital } from './values';
import texts from './messages';
import { funnelOption } from './options';
import { PointTable, useColumns, useStanding, type Column } from './Tables';

/** FunnelForm asks which province is unusual for its number of workers. */
export function FunnelForm(asked: Asked) {
  const funnel = useFunnel(asked.q);
  return <Answered of={funnel} height={520}>{(data) => <Funnel {...asked} data={data} />}</Answered>;
}

function Funnel({ data, ...asked }: Asked & { data: Schemas['TrendFunnel'] }) {
  const { q, change } = asked;
  const words = useWords();
  const { text, name } = words;
  const [picked, setPicked] = useState<string>();
  const rows = useMemo(
    () =>
      data.points.map((p) => {
        const member = `${p.area.list}:${p.area.code}`;
        return { id: member, member, label: areaName(words, p.area), whole: true, figure: { ...p, period: data.to }, limits: p.limits, position: p.position ?? undefined, outside: p.position === 'above_action' || p.position === 'below_action' };
      }),
    [words, data],
  );
  const draw = useCallback<Draw>(() => funnelOption(words, { points: rows, centre: data.centre }), [words, rows, data.centre]);
  const columns = useColumns(rows);
  const standing = useStanding(rows);
  const outside = rows.filter((r) => r.outside);
  const high = outside.filter((r) => r.position === 'above_action').length;
  const position: Column = {
    head: text(texts.position),
    cell: (r) => {
      const at = rows.find((p) => p.id === r.id)?.position;
      return at ? text(texts.positions[at as keyof typeof texts.positions]) : '–';
    },
  };
  const assessable = data.centre !== null;
  const unit = name(rows.find((r) => r.figure.value !== null)?.figure.unit);
  return (
    <Figure
      {...asked}
      picked={picked}
      onPick={setPicked}
      answer={[
        assessable
          ? text(texts.funnelAnswer, { n: outside.length, all: data.assessed, high, low: outside.length - high, centre: `${amount(words, data.centre ?? 0, false)} ${unit}`, chance: words.decimal(data.by_chance?.action ?? 0, 1) })
          : text(texts.notAssessable, { reason: name(data.centre_reason) }),
        data.dispersion?.overdispersed ? text(texts.overdispersedProvinces) : '',
      ]}
      draw={assessable ? draw : undefined}
      drawing={assessable ? undefined : <p><Button variant="secondary" onClick={() => change({ form: 'ranking' })}>{text(texts.useRanking)}</Button></p>}
      height={440}
      note={assessable ? text(texts.funnelNote) : ''}
      table={<PointTable caption={asked.title} rows={rows} first={{ head: capital(text(texts.by.province)), cell: (r) => r.label }} columns={[...columns, position, ...standing]} onPick={setPicked} />}
      points={new Map(rows.map((r) => [r.id, r]))}
      figures={{ coverage: [], asOf: data.points[0]?.as_of, view: data.view, demonstration: data.demonstration }}
      address={fileAddress(q.measure, 'funnel', funnelQuery(q))}
    />
  );
}
