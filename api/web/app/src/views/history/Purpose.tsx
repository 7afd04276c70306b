import { Button, Select, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

const codes = ['inspection', 'investigation', 'correction', 'statistics', 'request_of_person', 'operation'] as const;

/** Purpose asks an officer why he opens what may hold personal data: it goes on record. */
export function Purpose({ say }: { say: (purpose: string) => void }) {
  const { text } = useWords();
  const [code, setCode] = useState<string>(codes[0]);
  const [reference, setReference] = useState('');
  const wrong = reference !== '' && !/^[0-9A-Za-z][0-9A-Za-z./_-]{0,79}$/.test(reference);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) say(reference ? `${code}; ${reference}` : code);
      }}
    >
      <h1>{text(texts.why)}</h1>
      <p>{text(texts.whySaid)}</p>
      <Select label={text(texts.purpose)} value={code} onChange={(e) => setCode(e.target.value)}>
        {codes.map((c) => <option key={c} value={c}>{text(texts[c])}</option>)}
      </Select>
      <TextField label={text(texts.reference)} value={reference} onChange={(e) => setReference(e.target.value.trim())} error={wrong ? text(texts.referenceWrong) : undefined} autoComplete="off" />
      <div><Button type="submit">{text(texts.show)}</Button></div>
    </form>
  );
}
