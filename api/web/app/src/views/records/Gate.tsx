import { Button, Radio, RadioGroup, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { validReference, type Purpose, type PurposeCode } from './reason';

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
      <div className="row gate">
        <Button type="submit">{text(texts.openRecord)}</Button>
        <span className="quiet">{text(texts.logged)}</span>
      </div>
    </form>
  );
}
