import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** ValueInterval writes a value of a series with its interval: 59 vụ (95%: 45–76); where there is none, why. */
export function ValueInterval({ of }: { of: Schemas['IndicatorValue'] }) {
  const { text, name, whole, decimal } = useWords();
  if (of.value === null) return <>–{of.value_reason && ` ${name(of.value_reason)}`}</>;
  const write = (n: number) => (of.factor === 1 ? whole(n) : decimal(n, 2));
  const { interval } = of;
  const range = interval && interval.upper !== null ? ` ${text(texts.interval, { lower: write(interval.lower), upper: write(interval.upper) })}` : '';
  return <>{`${write(of.value)} ${name(of.unit)}${range}`}</>;
}
