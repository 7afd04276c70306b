import { Button, TextField } from '@navikt/ds-react';
import { useId, useState } from 'react';
import { useCodeList } from '#/api/codelists';
import type { Geography } from '#/figures/geography';
import { useWords } from '#/language/LanguageProvider';
import { plain } from '#/language/numbers';
import texts from './messages';

/** ProvinceSearch opens a search for one's province. */
export function ProvinceSearch({ geography, onChoose }: { geography: Geography; onChoose: (area: string) => void }) {
  const { text } = useWords();
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <Button className="see-province" onClick={() => setOpen(true)}>
        {text(texts.seeProvince)}
      </Button>
    );
  }
  return (
    <Search
      geography={geography}
      onChoose={(area) => {
        setOpen(false);
        onChoose(area);
      }}
    />
  );
}

/** Search finds a province by any part of its name, with or without marks. */
function Search({ geography, onChoose }: { geography: Geography; onChoose: (area: string) => void }) {
  const { text, name } = useWords();
  const provinces = useCodeList('provinces');
  const [typed, setTyped] = useState('');
  const list = useId();

  const asked = plain(typed.trim());
  const found = (provinces.data?.codes ?? []).filter((p) => p.list === geography && (plain(p.name_vi).includes(asked) || plain(p.name_en ?? '').includes(asked)));
  const choose = (code: string) => onChoose(`${geography}:${code}`);
  const only = found.length === 1 ? found[0] : undefined;

  return (
    <search className="province-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (only) choose(only.code);
        }}
      >
        <TextField
          label={text(texts.provinceSearch)}
          description={text(texts.provinceHint)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          aria-controls={list}
          // Whoever asked for the field wants to type now.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
      </form>
      <p role="status" className="quiet">{asked ? text(texts.provincesFound, { n: found.length }) : ''}</p>
      <ul id={list} className="found">
        {found.map((p) => (
          <li key={p.code}>
            <button type="button" onClick={() => choose(p.code)}>{name(p)}</button>
          </li>
        ))}
      </ul>
    </search>
  );
}
