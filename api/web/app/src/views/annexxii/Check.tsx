import { Alert, Button, Checkbox, FormSummary, Textarea } from '@navikt/ds-react';
import type { Finding } from '#/api/client';
import { fieldId } from '#/forms/fields';
import { useWords } from '#/language/LanguageProvider';
import { costTotal, damages, rowsOf } from './annex';
import { damageTexts } from './Damage';
import { Unlikes } from './Declared';
import { Messages } from './Field';
import { useAnnexForm } from './form';
import { EstablishmentSummary } from './Head';
import { MatrixView } from './MatrixView';
import type { Cell } from './measures';
import { periodName } from './names';
import { Actions, Title } from './Parts';
import { blanksOf } from './table';
import texts from './messages';

/** A warning that nobody has confirmed yet: the report may be filed, but not unread. */
export const unread = (f: Finding, acknowledged: readonly string[]): boolean => f.severity === 'warning' && !acknowledged.includes(f.code);

interface Props {
  findings: Finding[];
  sending: boolean;
  offline: boolean;
  submit: () => void;
  acknowledge: (codes: string[]) => void;
  setReason: (reason: string) => void;
}

/** What is about to be filed, once more, and what is said of it. */
export function Check({ findings, sending, offline, submit, acknowledge, setReason }: Props) {
  const { text } = useWords();
  const { draft, annex, shown } = useAnnexForm();
  const nil = annex.answer === 'no';
  const blanks = annex.mode === 'table' && !nil ? blanksOf(annex.typed) : 0;
  const reason = shown('/reason');
  return (
    <div className="annex-wide">
      <Title>{text(nil ? texts.nilTitle : texts.checkTitle)}</Title>
      {nil && <p className="annex-statement">{text(texts.nilStatement, { period: periodName(text, String(annex.head.period ?? '')) })}</p>}
      <Warnings findings={findings} acknowledged={draft.acknowledged ?? []} set={acknowledge} />
      <div className="annex-summaries">
        <WorkersSummary />
        <EstablishmentSummary edit={<EditLink step="head" of={text(texts.establishment)} />} />
        {!nil && <DamageSummary />}
      </div>
      {!nil && (
        <section className="stack" aria-label={text(texts.stepTable)}>
          <div className="annex-section-head">
            <h2>{text(texts.stepTable)}</h2>
            <EditLink step={annex.mode === 'table' ? 'table' : 'accidents'} of={text(texts.stepTable)} />
          </div>
          <MatrixView rows={rowsOf(annex)} />
          {blanks > 0 && <p className="quiet">{text(texts.blanks, { n: blanks })}</p>}
          <Unlikes />
        </section>
      )}
      {draft.revision > 1 && (
        <Textarea
          className="annex-reason"
          id={fieldId('/reason')}
          label={text(texts.reason)}
          value={draft.reason ?? ''}
          onChange={(e) => setReason(e.target.value)}
          maxLength={500}
          error={reason.length > 0 && <Messages findings={reason} />}
        />
      )}
      {offline && <Alert variant="warning">{text(texts.offlineSubmit)}</Alert>}
      <Actions back={nil ? 'head' : 'damage'}>
        <Button loading={sending} onClick={submit}>{text(nil ? texts.submitNil : texts.submit)}</Button>
      </Actions>
    </div>
  );
}

function EditLink({ step, of }: { step: string; of: string }) {
  const { text } = useWords();
  const { go } = useAnnexForm();
  return (
    <Button variant="tertiary" className="annex-edit" onClick={() => go(step)}>
      {text(texts.edit)} <span className="visually-hidden">{of}</span>
    </Button>
  );
}

function Answers({ heading, step, lines }: { heading: string; step: string; lines: [string, string][] }) {
  return (
    <FormSummary>
      <FormSummary.Header>
        <FormSummary.Heading level="2">{heading}</FormSummary.Heading>
        <EditLink step={step} of={heading} />
      </FormSummary.Header>
      <FormSummary.Answers>
        {lines.map(([label, value]) => (
          <FormSummary.Answer key={label}>
            <FormSummary.Label>{label}</FormSummary.Label>
            <FormSummary.Value>{value}</FormSummary.Value>
          </FormSummary.Answer>
        ))}
      </FormSummary.Answers>
    </FormSummary>
  );
}

/** A number as it will be filed; what was typed and is none stays as it is. */
function useNumber(): (cell: unknown, blank: string) => string {
  const { whole } = useWords();
  return (cell, blank) => (typeof cell === 'number' ? whole(cell) : typeof cell === 'string' ? cell : blank);
}

function WorkersSummary() {
  const { text } = useWords();
  const { annex } = useAnnexForm();
  const number = useNumber();
  const workers = (annex.head.workers ?? {}) as Record<string, Cell | undefined>;
  const none = text(texts.notGiven);
  return (
    <Answers
      heading={text(texts.workers)}
      step="head"
      lines={[
        [text(texts.workersTotal), number(workers.total, none)],
        [text(texts.workersWomen), number(workers.women, none)],
        [text(texts.payroll), number(annex.head.payroll_million_vnd, none)],
        [text(texts.hours), number(annex.head.hours_worked, none)],
      ]}
    />
  );
}

function DamageSummary() {
  const { text } = useWords();
  const { annex } = useAnnexForm();
  const number = useNumber();
  const lines = damages.map((d): [string, string] => [text(damageTexts[d]), number(annex.damage[d], '0')]);
  lines.splice(4, 0, [text(texts.costTotal), number(costTotal(annex), '0')]);
  return <Answers heading={text(texts.stepDamage)} step="damage" lines={lines} />;
}

/** Warnings are confirmed one by one; hints are only said. */
function Warnings({ findings, acknowledged, set }: { findings: Finding[]; acknowledged: string[]; set: (codes: string[]) => void }) {
  const { text, pick } = useWords();
  const warnings = findings.filter((f) => f.severity === 'warning');
  const hints = findings.filter((f) => f.severity === 'hint');
  const confirm = (code: string, is: boolean) => set(is ? [...acknowledged, code] : acknowledged.filter((c) => c !== code));
  return (
    <>
      {warnings.length > 0 && (
        <section id="annex-warnings" tabIndex={-1} className="annex-warnings" aria-label={text(texts.warnings)}>
          <h2>{text(texts.warnings)}</h2>
          <p>{text(texts.warningsLeft)}</p>
          {warnings.map((f, i) => (
            <div key={`${f.code} ${f.pointer}`} className="annex-warning">
              <p><Messages findings={[f]} /></p>
              {f.legal_ref && <p className="quiet">{text(texts.source, { source: f.legal_ref })}</p>}
              {warnings.findIndex((o) => o.code === f.code) === i && (
                <Checkbox checked={acknowledged.includes(f.code)} onChange={(e) => confirm(f.code, e.target.checked)}>
                  {text(texts.acknowledgeOf)} <span className="visually-hidden">({f.code})</span>
                </Checkbox>
              )}
            </div>
          ))}
        </section>
      )}
      {hints.length > 0 && (
        <Alert variant="info">
          <h2 className="annex-small">{text(texts.hints)}</h2>
          {hints.map((f) => <p key={`${f.code} ${f.pointer}`}>{pick(f.message_vi, f.message)} <span className="annex-code">({f.code})</span></p>)}
        </Alert>
      )}
    </>
  );
}
