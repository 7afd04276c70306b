import '@navikt/ds-css/dist/component/togglegroup.css';
import { ToggleGroup } from '@navikt/ds-react';
import { useState } from 'react';
import { useCodeList } from '#/api/codelists';
import { useWords } from '#/language/LanguageProvider';
import { mapArea, type Geography, type Mapped } from './geography';
import texts from './messages';

/** GeographySwitch changes the list of provinces; a chosen province goes along, and what became of it is said. */
export function GeographySwitch({ value, area, reported, onChange }: {
  value: Geography;
  area: string;
  /** Whether records may be looked at as they were filed, too. */
  reported?: boolean;
  onChange: (geography: Geography, area: string) => void;
}) {
  const { text, name } = useWords();
  const provinces = useCodeList('provinces');
  const [mapped, setMapped] = useState<Mapped>();

  const change = (next: string) => {
    const geography = next as Geography;
    const result = mapArea(area, geography, provinces.data?.codes ?? []);
    setMapped(result.from && result.area !== area ? result : undefined);
    onChange(geography, result.area);
  };

  const said = (m: Mapped): string => {
    const former = (p: Mapped['from']) => (p?.list === '63' ? text(texts.former, { name: name(p) }) : name(p));
    const values = { from: former(m.from), to: m.to ? former(m.to) : text(texts.nation) };
    if (m.parts.length > 1) return text(texts.mappedParts, { ...values, parts: m.parts.map(former).join(', ') });
    return text(m.to?.list === '34' ? texts.mappedInto : texts.mapped, values);
  };

  return (
    <div className="geography">
      <ToggleGroup label={text(texts.geography)} value={value} onChange={change}>
        <ToggleGroup.Item value="34">{text(texts.geography34)}</ToggleGroup.Item>
        <ToggleGroup.Item value="63">{text(texts.geography63)}</ToggleGroup.Item>
        {reported && <ToggleGroup.Item value="reported">{text(texts.geographyReported)}</ToggleGroup.Item>}
      </ToggleGroup>
      <p className="quiet said" role="status">{mapped ? said(mapped) : ''}</p>
    </div>
  );
}
