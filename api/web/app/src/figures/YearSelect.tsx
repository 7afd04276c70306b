import { Select } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { answer, api } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** YearSelect chooses among the years that are closed, and the one under way for whoever sees live figures. */
export function YearSelect({ value, live, onChange }: { value: number | undefined; live: boolean; onChange: (year: number) => void }) {
  const { text } = useWords();
  const closings = useQuery({ queryKey: ['closings'], queryFn: ({ signal }) => answer(api.GET('/v1/closings', { signal })), staleTime: 300_000 });
  const closed = (closings.data?.closings ?? []).filter((c) => c.latest && /^\d{4}$/.test(c.period)).map((c) => Number(c.period));
  // A year is held against the one before it: the first of all has nothing to be held against.
  const years = new Set([...closed.filter((y) => closed.includes(y - 1)), ...(live ? [new Date().getFullYear()] : []), ...(value ? [value] : [])]);
  return (
    <Select label={text(texts.year)} value={value ?? ''} onChange={(event) => onChange(Number(event.target.value))}>
      {value === undefined && <option value="">–</option>}
      {[...years].sort((a, b) => b - a).map((y) => (
        <option key={y} value={y}>{y}</option>
      ))}
    </Select>
  );
}
