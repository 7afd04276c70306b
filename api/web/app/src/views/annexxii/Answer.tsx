import { Alert, Radio, RadioGroup } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import type { Annex } from './annex';
import { useAnnexForm } from './form';
import { Actions, Title } from './Parts';
import texts from './messages';

/** The first question once more: what was typed stays, whatever the answer is. */
export function Answer() {
  const { text } = useWords();
  const { annex, change } = useAnnexForm();
  const declared = annex.declared?.cases.length ?? 0;
  return (
    <div className="form">
      <Title hint={text(texts.questionHint)}>{text(texts.question)}</Title>
      <RadioGroup legend={text(texts.question)} hideLegend value={annex.answer} onChange={(answer: Annex['answer']) => change({ ...annex, answer })}>
        <Radio value="no">{text(texts.no)}</Radio>
        <Radio value="yes">{text(texts.yes)}</Radio>
      </RadioGroup>
      {annex.answer === 'no' && declared > 0 && <Alert variant="warning">{text(texts.declaredButNo, { n: declared })}</Alert>}
      <Actions to="head" />
    </div>
  );
}
