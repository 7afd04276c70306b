import '@navikt/ds-css/dist/component/primitives.css';
import '@navikt/ds-css/dist/component/progressbar.css';
import '@navikt/ds-css/dist/component/stepper.css';
import { Alert, Button, FormProgress, Radio, RadioGroup } from '@navikt/ds-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ApiProblem } from '#/api/client';
import { newDraft, uuidV7, type Draft } from '#/drafts/draft';
import { today } from '#/forms/codes';
import { FindingSummary, Warnings } from '#/forms/FindingSummary';
import { fieldId } from '#/forms/fields';
import { addressOf } from '#/forms/kinds';
import { readMoment } from '#/forms/moment';
import { FillingContext } from '#/forms/ReportContext';
import { Amending, Barred, Refused, State } from '#/forms/Sheet';
import { keptGroups } from '#/forms/tree';
import { useDraftId } from '#/forms/useDraftId';
import { useOpening, type Opening } from '#/forms/useOpening';
import { useReport, type Report } from '#/forms/useReport';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { Answers } from './Answers';
import texts from './messages';
import { EventStep, PlaceStep, UnitStep, VictimsStep } from './Steps';
import { isStep, names, stepOf, steps, type Step } from './steps';
import './declaration.css';

const kind = 'accident_declaration';

/** Declaration guides through the declaration of one accident. */
export function Declaration() {
  const search = useSearch({ from: '/new/accident' });
  const { text } = useWords();
  const { id, fresh } = useDraftId(search.draft);
  const opening = useOpening({ kind, report: search.report, unit: search.unit }, fresh ? id : '');
  return (
    <>
      <h1>{text(texts.title)}</h1>
      <Answered of={opening} height={600}>
        {(opened) => <Filled key={id} opening={opened} id={id} fresh={fresh} />}
      </Answered>
    </>
  );
}

function Filled({ opening, id, fresh }: { opening: Opening; id: string; fresh: boolean }) {
  const search = useSearch({ from: '/new/accident' });
  const [initial] = useState(() => (fresh ? begin(opening, id) : undefined));
  const shape = useMemo(() => ({ places: names, kept: keptGroups(opening.nodes), stepOf }), [opening.nodes]);
  const { report, loaded } = useReport(initial, id, shape);
  const barred = Barred({ opening, report, fresh, loaded });
  if (barred) return barred;
  if (!report) return null;
  // Whoever amends, or goes on with a draft, has answered the first question.
  if (!isStep(search.step) && fresh && !opening.amends && !report.begun) return <First opening={opening} />;
  return <Guided opening={opening} report={report} step={isStep(search.step) ? search.step : 'place'} />;
}

/** An accident has a victim, so the card of the first stands there. */
function begin(opening: Opening, id: string): Draft {
  const { reportId, revision } = opening.amends ?? { reportId: uuidV7(), revision: 1 };
  const content = opening.amends ? opening.content : { ...opening.content, victims: [{}] };
  return newDraft({ id, kind, reportId, revision, owner: opening.me.id, content, address: `${addressOf(kind)}?draft=${id}` });
}

/** First asks whether the law wants this accident declared at once. */
function First({ opening }: { opening: Opening }) {
  const { text } = useWords();
  const navigate = useNavigate();
  const [answer, setAnswer] = useState('');
  const [missing, setMissing] = useState(false);
  const [no, setNo] = useState(false);
  const after = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (no) after.current?.focus();
  }, [no]);
  if (no) return <NotNeeded commune={opening.as.some((a) => a.type === 'commune')} heading={after} again={() => setNo(false)} />;
  const go = () => {
    if (answer === '') setMissing(true);
    else if (answer === 'no') setNo(true);
    else void navigate({ to: '.', search: (s: Record<string, unknown>) => ({ ...s, step: 'place' }) });
  };
  return (
    <form
      className="sheet first-question"
      onSubmit={(e) => {
        e.preventDefault();
        go();
      }}
    >
      <div className="fill">
        <RadioGroup legend={text(texts.first)} description={text(texts.firstHelp)} value={answer} onChange={setAnswer} error={missing && answer === '' && text(texts.firstMissing)}>
          <Radio value="yes">{text(texts.yes)}</Radio>
          <Radio value="no">{text(texts.no)}</Radio>
        </RadioGroup>
        <div className="actions">
          <Button type="submit">{text(texts.continue)}</Button>
        </div>
      </div>
    </form>
  );
}

function NotNeeded({ commune, heading, again }: { commune: boolean; heading: React.Ref<HTMLHeadingElement>; again: () => void }) {
  const { text } = useWords();
  return (
    <div className="sheet">
      <div className="fill">
        <h2 ref={heading} tabIndex={-1}>{text(texts.notNeeded)}</h2>
        <p>{text(commune ? texts.notNeededCommune : texts.notNeededWhy)}</p>
        <div className="actions">
          {commune ? (
            <Button as={Link} role="link" to="/new/commune_report">{text(texts.toCommune)}</Button>
          ) : (
            <Button as={Link} role="link" to="/new/annex-xii">{text(texts.toAnnex)}</Button>
          )}
          <Button type="button" variant="tertiary" onClick={again}>{text(texts.answerAgain)}</Button>
        </div>
      </div>
    </div>
  );
}

function Guided({ opening, report, step }: { opening: Opening; report: Report; step: Step }) {
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
