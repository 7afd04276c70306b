import { bounds, lowerIsBetter, targetValue, type Item } from './item';
import './figures.css';

const width = 160;
const height = 24;
const mid = height / 2;

/**
 * Standing is a bullet for a list: every row on one scale, from nothing to twice the target, so that rows are
 * compared by looking down. What lies beyond stands at the edge. The row says the numbers.
 */
export function Standing({ item }: { item: Item }) {
  const target = targetValue(item);
  const now = item.current.value;
  if (!target || now === null) return null;
  const x = (value: number) => Math.min(width - 6, Math.max(6, (value / target / 2) * width));
  const interval = bounds(item);
  const middle = width / 2;
  return (
    <svg className="bullet standing" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden>
      <rect className="side" x={lowerIsBetter(item) ? 0 : middle} width={middle} y={4} height={height - 8} />
      {interval && <g className="whisker"><line x1={x(interval.lower)} x2={x(interval.upper)} y1={mid} y2={mid} /></g>}
      <line className="tick" x1={middle} x2={middle} y1={1} y2={height - 1} />
      {item.previous.value !== null && <circle className="before" cx={x(item.previous.value)} cy={mid} r={4} />}
      <circle className={`now ${item.verdict}${item.provisional ? ' open' : ''}`} cx={x(now)} cy={mid} r={5.5} />
    </svg>
  );
}
