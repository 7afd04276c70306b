import { Button, Select, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { useAnnexForm } from './form';
import type { Split } from './measures';
import { tableOf, withRow } from './table';
import { useNames } from './names';
import texts from './messages';

const addTexts = { '1.1': texts.addCause, '1.2': texts.addFactor, '1.3': texts.addOccupation } as const;
const labelTexts = { '1.1': texts.cause, '1.2': texts.factor, '1.3': texts.occupation } as const;

/** AddRow adds a row of a block: of a code that has none yet. */
export function AddRow({ block, added }: { block: Split; added: (index: number) => void }) {
  const { text, name } = useWords();
  const { annex, change } = useAnnexForm();
  const { causes, factors } = useNames();
  const [code, setCode] = useState('');
  const used = annex.typed.filter((r) => r.block === block).map((r) => r.code);
  const add = () => {
    const chosen = code.trim();
    if (!chosen) return;
    const typed = withRow(annex.typed, block, chosen);
    change({ ...annex, typed });
    setCode('');
    added(tableOf(typed).findIndex((r) => r.block === block && r.code === chosen));
  };
  const label = text(labelTexts[block]);
  return (
    <form
      className="annex-add"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        add();
      }}
    >
      {block === '1.3' ? (
        <TextField label={label} hideLabel size="small" htmlSize={10} maxLength={10} placeholder="7111" value={code} onChange={(e) => setCode(e.target.value)} />
      ) : (
        <Select label={label} hideLabel size="small" value={code} onChange={(e) => setCode(e.target.value)}>
          <option value="">{text(texts.choose)}</option>
          {(block === '1.1' ? causes : factors).filter((c) => !used.includes(c.code)).map((c) => (
            <option key={c.code} value={c.code}>{`${c.code}. ${name(c)}`}</option>
          ))}
        </Select>
      )}
      <Button type="submit" variant="secondary" size="small">{text(addTexts[block])}</Button>
    </form>
  );
}
