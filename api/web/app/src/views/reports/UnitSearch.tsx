import '@navikt/ds-css/dist/component/chips.css';
import { UNSAFE_Combobox as Combobox } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { plain } from '#/language/numbers';
import texts from './messages';
import type { Picking } from './UnitPicker';
import { useNames } from './useNames';

/** UnitSearch finds a unit by any part of its code. */
export function UnitSearch({ label, units, value, onChange, none, error, size }: Picking) {
  const { text } = useWords();
  const { unitName } = useNames();
  const [typed, setTyped] = useState('');
  const options = units.map((u) => ({ value: u, label: unitName(u) }));
  const selected = options.filter((o) => o.value === value);
  const sought = typed === selected[0]?.label ? '' : plain(typed.trim());
  return (
    <Combobox
      label={label}
      size={size}
      description={text(texts.unitHint, { n: units.length })}
      error={error}
      options={options}
      filteredOptions={options.filter((o) => plain(o.label).includes(sought))}
      selectedOptions={selected}
      onChange={setTyped}
      onToggleSelected={(unit, isSelected) => {
        // Whoever searches for what is chosen already and picks it means it; where one has to be chosen, one stays.
        if (isSelected || typed !== '' || none === undefined) onChange(unit);
        else onChange(undefined);
        setTyped('');
      }}
    />
  );
}
