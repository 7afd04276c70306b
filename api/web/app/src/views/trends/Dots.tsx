import { useWords } from '#/language/LanguageProvider';
import { periodName, valueText, type Line } from './values';

const size = 20;
const column = 64;

/** Dots stacks a dot for each case, by period: of a few, each counts. */
export function Dots({ points, label }: { points: Line['points']; label: string }) {
  const words = useWords();
  const most = Math.max(4, ...points.map((p) => p.figure.value ?? 0));
  const height = most * size + 56;
  const width = points.length * column;
  return (
    <div className="drawing dots" role="img" aria-label={label}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
        <line x1="0" x2={width} y1={height - 28} y2={height - 28} stroke="#52606d" />
        {points.map((p, i) => (
          <g key={p.id} transform={`translate(${i * column + column / 2} 0)`} fontSize="15" textAnchor="middle" fill="#1f2933">
            {Array.from({ length: p.figure.value ?? 0 }, (_, n) => (
              <circle key={n} cy={height - 28 - (n + 0.5) * size - 2} r={size / 2 - 2} fill={p.figure.status === 'provisional' ? '#fff' : '#0063c1'} stroke="#0063c1" strokeWidth="2" />
            ))}
            <text y={height - 34 - (p.figure.value ?? 0) * size - 4}>{valueText(words, p.figure)}</text>
            <text y={height - 8} fill="#52606d">{periodName(words, p.figure)}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}
