import '@navikt/ds-css/dist/component/primitives.css';
import '@navikt/ds-css/dist/component/progressbar.css';
import '@navikt/ds-css/dist/component/stepper.css';
import { Alert, Button, FormProgress } from '@navikt/ds-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '#/api/client';
import { Amending } from '#/forms/Amending';
import { today } from '#/forms/codes';
import { FindingSummary, Warnings } from '#/forms/FindingSummary';
import { fieldId } from '#/forms/fields';
import { readMoment } from '#/forms/moment';
import { FillingContext } from '#/forms/ReportContext';
import { Refused, State } from '#/forms/Sheet';
import type { Opening } from '#/forms/useOpening';
import type { Report } from '#/forms/useReport';
import { useWords } from '#/language/LanguageProvider';
import { Answers } from './Answers';
import texts from './messages';
import { EventStep, PlaceStep, UnitStep, VictimsStep } from './Steps';
import { stepOf, steps, type Step } from './steps';

/** Guided leads through the declaration, a step at a time. */
export function Guided({ opening, report, step }: { opening: Opening; report: Report; step: Step }) {
  const { text } = useWords();
  const navigate = useNavigate();
  const summary = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>();
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    scrollTo(0, 0);
    heading.current?.focus();
  }, [step]);

  const to = (next: Step) => navigate({ to: '.', search: (s: Record<string, unknown>) => ({ ...s, step: next }) });
  const goTo = async (pointer: string) => {
    await to(stepOf(pointer));
    // The field is drawn with the step, after its heading was given the focus.
    setTimeout(() => document.getElementById(fieldId(pointer))?.focus(), 50);
  };
  const at = steps.indexOf(step);
  const own = report.summed.filter((f) => step === 'check' || stepOf(f.pointer ?? '') === step);

  const go = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      if (step === 'check') {
        const outcome = await report.submit();
        if (outcome === 'refused') setRefused(true);
        if (outcome === 'blocked') setTimeout(() => (summary.current ?? document.getElementById('warnings'))?.focus(), 0);
        return;
      }
      const left = await report.pass(step, (p) => stepOf(p) === step);
      if (left?.length) setTimeout(() => summary.current?.focus(), 0);
      else await to(steps[at + 1]!);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <FillingContext value={{ report, day: readMoment(report.at('/content/occurred_at')).day || today() }}>
      <div className="sheet">
        <form
          className="fill"
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            if (!busy) void go();
          }}
        >
          <FormProgress totalSteps={steps.length} activeStep={at + 1} onStepChange={(n) => void to(steps[n - 1]!)}>
            {steps.map((s) => (
              <FormProgress.Step key={s} as="button" type="button" completed={isDone(report, s)}>
                {text(texts[s])}
              </FormProgress.Step>
            ))}
          </FormProgress>
          <FindingSummary ref={summary} findings={own} onGo={(pointer) => void goTo(pointer)} />
          {refused !== undefined && <Refused error={refused} />}
          <h2 ref={heading} tabIndex={-1}>{text(texts[step])}</h2>
          {step === 'place' && <PlaceStep />}
          {step === 'unit' && <UnitStep prefilled={opening.known} />}
          {step === 'victims' && <VictimsStep />}
          {step === 'event' && <EventStep />}
          {step === 'check' && (
            <>
              <Amending opening={opening} report={report} />
              <Answers />
              <div id="warnings" tabIndex={-1}>
                <Warnings findings={report.findings} acknowledged={report.draft.acknowledged ?? []} set={report.acknowledge} />
              </div>
              {report.draft.revision === 1 && <Alert variant="info" inline>{text(texts.checkHelp)}</Alert>}
            </>
          )}
          <div className="actions">
            {at > 0 && (
              <Button type="button" variant="secondary" onClick={() => void to(steps[at - 1]!)}>
                {text(texts.back)}
              </Button>
            )}
            <Button type="submit" loading={busy}>
              {text(step === 'check' ? texts.submit : texts.continue)}
            </Button>
          </div>
        </form>
        <aside className="beside" aria-label={text(texts.draft)}>
          <State report={report} />
        </aside>
      </div>
    </FillingContext>
  );
}

/** A step is done once it was gone through and nothing in it is wrong. */
function isDone(report: Report, step: Step): boolean {
  const { passed = [] } = (report.draft.view ?? {}) as { passed?: string[] };
  if (!passed.includes(step) && !passed.includes('*')) return false;
  return !report.findings.some((f) => f.severity === 'error' && stepOf(f.pointer ?? '') === step);
}
