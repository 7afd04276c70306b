import { Select } from '@navikt/ds-react';
import { useCodeList } from '#/api/codelists';
import { useWords } from '#/language/LanguageProvider';
import type { Geography } from './geography';
import texts from './messages';

/** AreaSelect chooses the nation or a province of a list; former provinces say that they are former. */
export function AreaSelect({ geography, value, onChange, nation = true, label }: {
  geography: Geography;
  value: string;
  onChange: (area: string) => void;
  nation?: boolean;
  label?: string;
}) {
  const { text, name } = useWords();
  const provinces = useCodeList('provinces');
  const shown = (provinces.data?.codes ?? []).filter((p) => geography === 'reported' || p.list === geography);
  return (
    <Select label={label ?? text(texts.area)} value={value} onChange={(event) => onChange(event.target.value)}>
      {nation && <option value="VN">{text(texts.nation)}</option>}
      {shown.map((p) => (
        <option key={`${p.list}:${p.code}`} value={`${p.list}:${p.code}`}>
          {p.list === '63' ? text(texts.former, { name: name(p) }) : name(p)}
        </option>
      ))}
    </Select>
  );
}
