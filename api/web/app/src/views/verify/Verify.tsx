import '@navikt/ds-css/dist/component/linkanchor.css';
import '@navikt/ds-css/dist/component/primitives.css';
import { Button, FileUpload, Textarea } from '@navikt/ds-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { Outcome } from './Outcome';
import { address, read } from './reading';
import texts from './messages';
import './verify.css';

const route = getRouteApi('/verify');

/** The largest file that is looked at: a receipt has some hundred bytes. */
const largest = 256 * 1024;

/** Verify checks a receipt, whoever holds it. Its address holds the receipt, as the QR code does. */
export function Verify() {
  const { text } = useWords();
  const { receipt } = route.useSearch();
  const presented = receipt === undefined ? undefined : read(receipt);
  const [trouble, setTrouble] = useState(receipt !== undefined && presented === undefined ? texts.unreadable : undefined);
  const [typed, setTyped] = useState(presented === undefined ? (receipt ?? '') : '');
  const navigate = useNavigate();
  const check = (given: string) => {
    const found = read(given);
    if (!found) {
      setTrouble(given.trim() === '' ? texts.nothing : texts.unreadable);
      document.getElementById('receipt')?.focus();
      return;
    }
    setTrouble(undefined);
    setTyped('');
    void navigate({ to: '/verify', search: { receipt: address(found) } });
  };
  const take = (file: File | undefined) => {
    if (!file) return;
    if (file.size > largest) return setTrouble(texts.largeFile);
    void file.text().then(check);
  };
  return (
    <div className="verify stack">
      <h1>{text(texts.title)}</h1>
      {presented === undefined && <p>{text(texts.lead)}</p>}
      {presented !== undefined && <Outcome key={receipt} presented={presented} />}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          check(typed);
        }}
      >
        {presented !== undefined && <h2>{text(texts.another)}</h2>}
        <Textarea
          id="receipt"
          label={text(texts.receipt)}
          description={text(texts.receiptHelp)}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
          minRows={3}
          maxRows={8}
          error={trouble && text(trouble)}
          spellCheck={false}
          autoComplete="off"
        />
        <Button type="submit">{text(texts.check)}</Button>
        <FileUpload.Dropzone
          label={text(texts.file)}
          description={text(texts.fileHelp)}
          accept=".json,application/json"
          multiple={false}
          onSelect={(files) => take(files[0]?.file)}
        />
      </form>
    </div>
  );
}
