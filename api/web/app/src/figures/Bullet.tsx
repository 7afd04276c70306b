import { useWords } from '#/language/LanguageProvider';
import { verdicts } from '#/opening/messages';
import { useAmount } from './amount';
import { bounds, lowerIsBetter, targetValue, type Item } from './item';
import texts from './messages';
import { scaled } from './scale';

const width = 320;
const height = 44;
const mid = height / 2;
const edge = 10;

/**
 * Bullet holds a year against its target: the dot is the year, the whisker its interval, the hollow dot the
 * year before, the tick the target; the side that meets it is shaded.
 */
export function Bullet({ item }: { item: Item }) {
  const { text } = useWords();
  const { bare, withUnit } = useAmount();
  const now = item.current.value;
  const before = item.previous.value;
  const target = targetValue(item);
  const interval = bounds(item);
  const open = item.provisional ? ' open' : '';
  if (now === null && before === null) return null;

  const x = scaled([now, before, target, interval?.lower, interval?.upper], edge, width - edge);
  const words = text(texts.bulletWords, {
    verdict: text(verdicts[item.verdict]),
    year: String(item.current.year), now: withUnit(item, now), before: String(item.previous.year), then: withUnit(item, before), target: target === null ? '–' : bound(),
  });

  function bound(): string {
    const count = bare(item, target);
    return text(lowerIsBetter(item) ? texts.atMost : texts.atLeast, { count });
  }

  return (
    <figure className="bullet">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        {target !== null && (
          <rect className="side" y={mid - height / 3} height={(2 * height) / 3} x={lowerIsBetter(item) ? 0 : x(target)} width={lowerIsBetter(item) ? x(target) : width - x(target)} />
        )}
        <line className="axis" x1={0} x2={width} y1={mid} y2={mid} />
        {interval && (
          <g className="whisker">
            <line x1={x(interval.lower)} x2={x(interval.upper)} y1={mid} y2={mid} />
            <line x1={x(interval.lower)} x2={x(interval.lower)} y1={mid - 5} y2={mid + 5} />
            <line x1={x(interval.upper)} x2={x(interval.upper)} y1={mid - 5} y2={mid + 5} />
          </g>
        )}
        {target !== null && <line className="tick" x1={x(target)} x2={x(target)} y1={mid - height / 2 + 2} y2={mid + height / 2 - 2} />}
        {before !== null && <circle className="before" cx={x(before)} cy={mid} r={6.5} />}
        {now !== null && <circle className={`now ${item.verdict}${open}`} cx={x(now)} cy={mid} r={8} />}
      </svg>
      <figcaption aria-hidden>
        {now !== null && <span><i className={`key now ${item.verdict}${open}`} />{text(texts.bulletYear, { year: String(item.current.year) })}: {bare(item, now)}</span>}
        {before !== null && <span><i className="key before" />{text(texts.bulletYear, { year: String(item.previous.year) })}: {bare(item, before)}</span>}
        {target !== null && <span><i className="key tick" />{text(texts.bulletTarget)}: {bound()}</span>}
        {interval && <span><i className="key whisker" />{text(texts.bulletInterval)}</span>}
      </figcaption>
    </figure>
  );
}
