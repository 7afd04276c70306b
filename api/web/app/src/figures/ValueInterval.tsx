import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** ValueInterval writes a value of a series with its interval: 59 vụ (95%: 44,9–76,1); where there is none, why. */
export function ValueInterval({ of }: { of: Schemas['IndicatorValue'] }) {
  const { text, name, whole, decimal } = useWords();
  if (of.value === null) return <>–{of.value_reason && ` ${name(of.value_reason)}`}</>;
  const digits = of.factor === 1 ? 1 : 2;
  const value = of.factor === 1 ? whole(of.value) : decimal(of.value, digits);
  const { interval } = of;
  const range = interval && interval.upper !== null ? ` ${text(texts.interval, { lower: decimal(interval.lower, digits), upper: decimal(interval.upper, digits) })}` : '';
  return <>{`${value} ${name(of.unit)}${range}`}</>;
}
