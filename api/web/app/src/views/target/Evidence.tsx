import { useAmount } from '#/figures/amount';
import { useChange } from '#/figures/Change';
import { useCoverage } from '#/figures/CoverageStrip';
import { Flags } from '#/figures/Flags';
import type { Item } from '#/figures/item';
import { Scroll } from '#/figures/Scroll';
import { useWords } from '#/language/LanguageProvider';
import type { Schemas } from '#/api/client';
import texts from './messages';

/** Evidence has both years with everything that the verdict was made of; what is missing says why. */
export function Evidence({ item, points }: { item: Item; points: number }) {
  const { text, name, whole } = useWords();
  const { withUnit } = useAmount();
  const coverage = useCoverage(true);
  const change = useChange();
  const years = [item.current, item.previous];
  const or = (n: number | null, reason: Schemas['IndicatorReason'] | null, write: (n: number) => string) =>
    n === null ? <>–{reason && <span className="quiet why">{name(reason)}</span>}</> : write(n);
  return (
    <section className="stack" aria-labelledby="evidence">
      <h2 id="evidence">{text(texts.evidence)}</h2>
      <Scroll label={text(texts.evidence)}>
        <table className="plain-table evidence">
          <thead>
            <tr>
              <td />
              {years.map((y) => <th key={y.year} scope="col">{text(texts.actual, { year: String(y.year) })}</th>)}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{text(texts.value)}</th>
              {years.map((y) => <td key={y.year}>{or(y.value, y.value_reason, (n) => withUnit(item, n))}</td>)}
            </tr>
            <tr>
              <th scope="row">{text(texts.numerator)}</th>
              {years.map((y) => <td key={y.year}>{or(y.numerator, y.numerator_reason, whole)}</td>)}
            </tr>
            <tr>
              <th scope="row">{text(texts.denominator)}</th>
              {years.map((y) => <td key={y.year}>{or(y.denominator, y.denominator_reason, whole)}</td>)}
            </tr>
            <tr>
              <th scope="row">{text(texts.coverage)}</th>
              <td>{coverage(item.coverage)}</td>
              <td>{coverage(item.previous_coverage)}</td>
            </tr>
            <tr>
              <th scope="row">{text(texts.status)}</th>
              {years.map((y) => <td key={y.year}>{text(y.status === 'final' ? texts.final : texts.provisional)}</td>)}
            </tr>
            <tr>
              <th scope="row">{text(texts.change)}</th>
              <td colSpan={2}>
                {change(item)}
                {item.ratio_interval_reason && <span className="quiet why">{name(item.ratio_interval_reason)}</span>}
              </td>
            </tr>
          </tbody>
        </table>
      </Scroll>
      <Flags item={item} points={points} reasons />
      {item.fall_with_coverage && <p>{name(item.fall_with_coverage)}</p>}
    </section>
  );
}
