import '@navikt/ds-css/dist/component/readmore.css';
import { ReadMore } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import { verdicts } from '#/opening/messages';
import { useAmount } from './amount';
import type { Item } from './item';
import texts from './messages';
import { scaled } from './scale';
import { Scroll } from './Scroll';
import { useWidth } from './useWidth';
import { Verdict } from './Verdict';
import './figures.css';

const height = 260;
const pad = { left: 8, right: 8, top: 28, bottom: 28 };

const verdictOf = (kept: boolean | null) => (kept === null ? 'not_assessable' : kept ? 'met' : 'not_met');

/** A year that met what it had to is a circle, one that did not a diamond: told apart without colour. */
function shape(kept: boolean | null, x: number, y: number): string {
  if (kept === false) return `M${x},${y - 8}l8,8l-8,8l-8,-8z`;
  return `M${x - 6},${y}a6,6 0 1,0 12,0a6,6 0 1,0 -12,0z`;
}

/** The number stands above its dot, or below it where the required level runs above. */
const labelAt = (dot: number, required: number | null): number => (required !== null && required <= dot && dot - required < 30 ? dot + 22 : dot - 12);

/** PathChart sets each year beside what it had to be: dots against steps, and the same as a table. */
export function PathChart({ item }: { item: Item }) {
  const { text, name } = useWords();
  const { bare, withUnit } = useAmount();
  const { ref, width } = useWidth<HTMLDivElement>(640);
  const steps = item.path?.steps ?? [];
  if (steps.length === 0) return null;

  const room = (width - pad.left - pad.right) / steps.length;
  const y = scaled(steps.flatMap((s) => [s.actual, s.path]), height - pad.bottom, pad.top);
  const middle = (i: number) => pad.left + room * (i + 0.5);
  const assessed = steps.filter((s) => s.kept !== null);
  const words = text(texts.pathWords, { met: assessed.filter((s) => s.kept).length, of: assessed.length });
  // Many years on a phone: every other one is named, the last always.
  const named = (i: number) => room > 38 || (steps.length - 1 - i) % 2 === 0;

  return (
    <figure className="path-chart">
      <div ref={ref}>
        <svg width={width} height={height} role="img" aria-label={words}>
          {steps.map((s, i) => s.path !== null && (
            <line key={s.year} className="required" x1={middle(i) - room * 0.46} x2={middle(i) + room * 0.46} y1={y(s.path)} y2={y(s.path)} />
          ))}
          <polyline className="between" points={steps.flatMap((s, i) => (s.actual === null ? [] : [`${middle(i)},${y(s.actual)}`])).join(' ')} />
          {steps.map((s, i) => (
            <g key={s.year}>
              {s.actual !== null && (
                <>
                  <path className={`dot ${verdictOf(s.kept)}${item.provisional && s.year === item.year ? ' open' : ''}`} d={shape(s.kept, middle(i), y(s.actual))} />
                  {named(i) && <text x={middle(i)} y={labelAt(y(s.actual), s.path === null ? null : y(s.path))} textAnchor="middle" className="value">{bare(item, s.actual)}</text>}
                </>
              )}
              {named(i) && <text x={middle(i)} y={height - 6} textAnchor="middle" className="year">{s.year}</text>}
            </g>
          ))}
        </svg>
      </div>
      <figcaption aria-hidden>
        <span><i className="key now met" />{text(verdicts.met)}</span>
        <span><i className="key now not_met" />{text(verdicts.not_met)}</span>
        <span><i className="key required" />{text(texts.pathTarget)}</span>
      </figcaption>
      <ReadMore header={text(texts.pathTable)}>
        <Scroll label={text(texts.pathTitle)}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{text(texts.pathYear)}</th>
                <th scope="col" className="number">{text(texts.pathActual)}</th>
                <th scope="col" className="number">{text(texts.pathTarget)}</th>
                <th scope="col">{text(texts.pathVerdict)}</th>
              </tr>
            </thead>
            <tbody>
              {steps.map((s) => (
                <tr key={s.year}>
                  <th scope="row">{s.year}</th>
                  <td className="number">{withUnit(item, s.actual)}</td>
                  <td className="number">{bare(item, s.path)}</td>
                  <td>{s.kept === null ? (s.reason ? name(s.reason) : '–') : <Verdict verdict={s.kept ? 'met' : 'not_met'} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </ReadMore>
    </figure>
  );
}
