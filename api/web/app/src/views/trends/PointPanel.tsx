import '@navikt/ds-css/dist/component/tag.css';
import { Button, Tag } from '@navikt/ds-react';
import { XMarkIcon } from '@navikt/aksel-icons';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { may, type Myself } from '#/api/may';
import { useMe } from '#/api/me';
import { useWords } from '#/language/LanguageProvider';
import { useExplanation } from './answers';
import { amount, intervalText, valueText } from './said';
import { coverageText, periodName, type Point } from './values';
import texts from './messages';
import type { Definition, Question } from './question';

/** reaches tells whether somebody may be shown the reports of an area at all. */
export function reaches(me: Myself | undefined, area: Point['figure']['area']): boolean {
  if (!may(me, 'read_reports') || !me) return false;
  if (me.nation || me.may?.read_reports === 'all') return true;
  return area.level === 'province' && me.provinces.some((p) => p.list === area.list && p.code === area.code);
}

/** PointPanel holds one value with all that it is made of, and leads to its records. */
export function PointPanel({ point, q, measure, close }: { point: Point; q: Question; measure: Definition; close: () => void }) {
  const words = useWords();
  const { text, whole, name } = words;
  const { figure } = point;
  const box = useRef<HTMLDivElement>(null);
  // It stands below what was touched: whoever opened it is led to it.
  useEffect(() => box.current?.focus(), []);
  const me = useMe().data;
  const period = figure.period.slice(4) === '' ? 'Y' : (figure.period.slice(4) as 'H1' | 'H2');
  const area = figure.area.level === 'province' ? `${figure.area.list}:${figure.area.code}` : undefined;
  const place = figure.area.level === 'province' || figure.area.level === 'nation';
  const asked = { year: Number(figure.period.slice(0, 4)), period: period as 'Y' | 'H1' | 'H2', geography: q.geo, area };
  const allowed = place && reaches(me, figure.area);
  const explained = useExplanation(measure.id, asked, allowed);
  const counted = explained.data?.sources.find((s) => s.roles.includes('numerator') && s.reports);
  const status = texts.statuses[figure.status as keyof typeof texts.statuses];
  return (
    <div className="point" ref={box} tabIndex={-1} role="group" aria-label={text(texts.detailsOf, { label: point.label, period: periodName(words, figure) })}>
      <Button variant="tertiary-neutral" size="small" className="close" icon={<XMarkIcon title={text(texts.close)} />} onClick={close} />
      <p className="of">{point.label} · {periodName(words, figure)}</p>
      <p className="big">{valueText(words, figure, true)} <span className="quiet">{figure.value !== null && intervalText(words, figure)}</span></p>
      {figure.value === null && <p>{name(figure.value_reason)}</p>}
      <p>
        {figure.denominator !== null && figure.numerator !== null && text(texts.fraction, { numerator: amount(words, figure.numerator, true), denominator: whole(figure.denominator) })}
        {' '}
        {status && <Tag size="small" variant={figure.status === 'final' ? 'neutral' : 'warning'}>{figure.status === 'provisional' ? '○ ' : ''}{text(status)}</Tag>}
      </p>
      {figure.coverage && <p>{coverageText(words, figure.coverage)}</p>}
      {counted && counted.counted !== null && (
        <p>
          <Link
            className="aksel-link strong"
            to="/records"
            search={{ measure: measure.id, year: asked.year, province: area, period: q.period === 'year' ? undefined : q.period, geo: q.geo === '34' ? undefined : q.geo }}
          >
            {text(texts.seeRecords, { n: counted.counted ?? 0 })}
          </Link>
          {!point.whole && q.by && <span className="quiet"> {text(texts.recordsWhole, { by: text(texts.by[q.by]) })}</span>}
        </p>
      )}
    </div>
  );
}
