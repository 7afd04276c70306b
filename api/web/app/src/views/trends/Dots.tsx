import { useWords } from '#/language/LanguageProvider';
import { valueText } from './said';
import { periodName, type Line } from './values';

const size = 20;
const foot = 28;

/** Dots stacks a dot for each case, by period: of a few, each counts. The columns share what width there is. */
export function Dots({ points, label }: { points: Line['points']; label: string }) {
  const words = useWords();
  const most = Math.max(4, ...points.map((p) => p.figure.value ?? 0));
  const height = most * size + 2 * foot;
  const base = height - foot;
  const share = 100 / points.length;
  return (
    <div className="drawing dots" role="img" aria-label={label}>
      <svg width="100%" height={height} fontSize="14" fontFamily="'Source Sans 3 Variable', sans-serif">
        <line x1="0" x2="100%" y1={base} y2={base} stroke="#52606d" />
        {points.map((p, i) => (
          <svg key={p.id} x={`${i * share}%`} width={`${share}%`} height={height} overflow="visible" textAnchor="middle" fill="#1f2933">
            {Array.from({ length: p.figure.value ?? 0 }, (_, n) => (
              <circle key={n} cx="50%" cy={base - (n + 0.5) * size - 2} r={size / 2 - 2} fill={p.figure.status === 'provisional' ? '#fff' : '#0063c1'} stroke="#0063c1" strokeWidth="2" />
            ))}
            <text x="50%" y={base - 10 - (p.figure.value ?? 0) * size}>{valueText(words, p.figure)}</text>
            <text x="50%" y={height - 8} fill="#52606d">{periodName(words, p.figure)}</text>
          </svg>
        ))}
      </svg>
    </div>
  );
}
