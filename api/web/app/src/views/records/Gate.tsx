import { Button, Radio, RadioGroup, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

export type PurposeCode = keyof typeof texts.purposes;

/** Why somebody opens personal data, as the header Access-Purpose says it. */
export interface Purpose {
  code: PurposeCode;
  reference: string;
}

export const headerOf = (p: Purpose): string => (p.reference ? `${p.code}; ${p.reference}` : p.code);

const form = /^[0-9A-Za-z][0-9A-Za-z./_-]{0,79}$/;
export const validReference = (reference: string): boolean => reference === '' || form.test(reference);

/** Gate asks why before anything about a person is shown. What was said last is offered again. */
export function Gate({ last, open }: { last: Purpose | undefined; open: (purpose: Purpose) => void }) {
  const { text } = useWords();
  const [code, setCode] = useState<PurposeCode | ''>(last?.code ?? '');
  const [reference, setReference] = useState(last?.reference ?? '');
  const [asked, setAsked] = useState(false);
  const wrong = !validReference(reference.trim());
  return (
    <form
      className="form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        setAsked(true);
        if (code && !wrong) open({ code, reference: reference.trim() });
      }}
    >
      <h1>{text(texts.gateTitle)}</h1>
      <p>{text(texts.gateWhy)}</p>
      <RadioGroup legend={text(texts.purpose)} value={code} onChange={(v: PurposeCode) => setCode(v)} error={asked && !code ? text(texts.purposeMissing) : undefined}>
        {(Object.keys(texts.purposes) as PurposeCode[]).map((p) => <Radio key={p} value={p}>{text(texts.purposes[p])}</Radio>)}
      </RadioGroup>
      <TextField label={text(texts.reference)} description={text(texts.referenceForm)} value={reference} onChange={(e) => setReference(e.target.value)} error={asked && wrong ? text(texts.referenceWrong) : undefined} autoComplete="off" />
      <div className="row">
        <Button type="submit">{text(texts.openRecord)}</Button>
        <span className="quiet">{text(texts.logged)}</span>
      </div>
    </form>
  );
}
