import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import './figures.css';

/** CoverageStrip says how many of those who have to report did, as a bar and in words. */
export function CoverageStrip({ coverage, year }: { coverage: Schemas['IndicatorCoverage']; year?: number }) {
  const words = useCoverage()(coverage);
  const { text } = useWords();
  return (
    <div className="coverage">
      {coverage.value !== null && (
        <svg className="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
          <rect className="of" width="100" height="6" />
          <rect className="in" width={100 * Math.min(1, coverage.value)} height="6" />
        </svg>
      )}
      <span>{year ? text(texts.previousCoverage, { year: String(year), coverage: words }) : words}</span>
    </div>
  );
}

/** useCoverage writes a coverage: Tỷ lệ báo cáo 6,2% (123/1.980 cơ sở), or why there is none; bare where its name stands beside it. */
export function useCoverage(bare = false) {
  const { text, name, whole, percent } = useWords();
  return (c: Schemas['IndicatorCoverage']): string => {
    if (c.value === null || c.numerator === null || c.denominator === null) {
      const unknown = bare ? '–' : text(texts.coverageUnknown);
      return c.reason ? `${unknown}${bare ? '' : '.'} ${name(c.reason)}` : unknown;
    }
    return text(bare ? texts.coverageBare : texts.coverage, { share: percent(c.value), reported: whole(c.numerator), due: whole(c.denominator) });
  };
}
