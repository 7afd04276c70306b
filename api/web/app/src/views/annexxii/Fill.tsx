import '@navikt/ds-css/dist/component/primitives.css';
import '@navikt/ds-css/dist/component/progressbar.css';
import '@navikt/ds-css/dist/component/stepper.css';
import { Alert, FormProgress } from '@navikt/ds-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Offline, type Finding } from '#/api/client';
import type { Draft } from '#/drafts/draft';
import { dryRun, submitDraft } from '#/drafts/sender';
import { fieldId } from '#/forms/fields';
import { FindingSummary } from '#/forms/FindingSummary';
import formTexts from '#/forms/messages';
import { blocks, useChecks } from '#/forms/useChecks';
import { Trouble } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Text } from '#/language/text';
import type { Rule } from '#/rules/arithmetic';
import { useRules } from '#/rules/catalogue';
import { AccidentForm } from './AccidentForm';
import { AccidentList } from './AccidentList';
import { allFindings, kind, localFindings, reporterOf, rowsOf, stepOf, withAnnex, type Annex } from './annex';
import { Check, unread } from './Check';
import { Damage } from './Damage';
import { AnnexFormProvider, useNarrow, type AnnexForm } from './form';
import { Head } from './Head';
import { rowKey } from './measures';
import { periodName, useNames } from './names';
import { RowSheet } from './RowSheet';
import { Table } from './Table';
import { Answer } from './Answer';
import texts from './messages';

const noRules: readonly Rule[] = [];

interface Props {
  draft: Draft;
  set: (next: Draft) => void;
  flush: () => Promise<void>;
  sending: boolean;
  setSending: (is: boolean) => void;
}

/** Fill is the form once its question is answered: one step a screen, checked as it is typed. */
export function Fill({ draft, set, flush, sending, setSending }: Props) {
  const annex = draft.view as Annex;
  const navigate = useNavigate();
  const narrow = useNarrow();
  const search = useSearch({ from: '/new/annex-xii' });
  const step = search.step ?? 'head';
  const { rowName } = useNames();
  const rules = useRules(kind).data ?? noRules;
  const checks = useChecks(draft);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [checked, setChecked] = useState(false);
  const [verdict, setVerdict] = useState<{ of: unknown; findings: Finding[] }>();
  const [attempt, setAttempt] = useState(0);
  const [trouble, setTrouble] = useState<unknown>();
  const summary = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | undefined>(undefined);

  const platform = useMemo(() => {
    if (draft.findings) return draft.findings;
    if (verdict && verdict.of === draft.content) return verdict.findings;
    // What was said of an earlier table may stand at another row by now.
    return checks.stale ? checks.findings.filter((f) => !f.pointer?.startsWith('/content/rows')) : checks.findings;
  }, [draft.findings, draft.content, verdict, checks.stale, checks.findings]);
  const local = useMemo(() => localFindings(annex, rules), [annex, rules]);
  const findings = useMemo(() => allFindings(local, platform, rules, rowsOf(annex)), [annex, local, platform, rules]);

  const go = useCallback((to: string) => void navigate({ to: '/new/annex-xii', search: { draft: draft.id, step: to } }), [navigate, draft.id]);

  // Whoever goes on by keyboard or hears the page is put at the head of the step, or at the place asked for.
  useEffect(() => {
    const pointer = wanted.current;
    wanted.current = undefined;
    focusSoon(pointer && fieldId(pointer));
    if (!pointer) scrollTo(0, 0);
  }, [step]);

  useEffect(() => {
    if (attempt > 0) (summary.current ?? document.getElementById('annex-warnings'))?.focus();
  }, [attempt]);

  const rows = rowsOf(annex);
  const submit = async () => {
    setChecked(true);
    setSending(true);
    setTrouble(undefined);
    try {
      await flush();
      const said = await dryRun(draft).catch((cause: unknown) => {
        // Without a network what was last said of this very report still holds.
        if (cause instanceof Offline) return checks.stale ? [] : checks.findings;
        throw cause;
      });
      setVerdict({ of: draft.content, findings: said ?? [] });
      const acknowledged = draft.acknowledged ?? [];
      const all = allFindings(localFindings(annex, rules), said ?? [], rules, rows);
      if (all.some((f) => blocks(f, acknowledged) || unread(f, acknowledged))) {
        setAttempt((n) => n + 1);
        return;
      }
      const after = await submitDraft(draft);
      if (after.state === 'returned') {
        set(after);
        setAttempt((n) => n + 1);
        return;
      }
      await navigate({ to: '/receipts/$no', params: { no: draft.id } });
    } catch (cause) {
      setTrouble(cause);
    } finally {
      setSending(false);
    }
  };

  // A row is known by its block and code: its place changes when others come and go.
  const keyOf = (pointer: string): string => {
    const at = /^\/content\/rows\/(\d+)/.exec(pointer)?.[1];
    const row = at === undefined ? undefined : rows[Number(at)];
    return row ? `row ${rowKey(row)}` : pointer;
  };
  const form: AnnexForm = {
    draft,
    annex,
    change: (next) => set(withAnnex(draft, next)),
    shown: (pointer) => findings.filter((f) => f.pointer === pointer && f.severity === 'error' && (checked || left.has(keyOf(pointer)))),
    within: (prefix) => findings.filter((f) => (f.pointer ?? '').startsWith(prefix)),
    leave: (prefix) => {
      const key = keyOf(prefix);
      // What is said moves what is below: a press that has begun there has to end where it began.
      if (!left.has(key)) setTimeout(() => setLeft((before) => new Set(before).add(key)), 250);
    },
    go,
    goTo: (pointer) => {
      const to = stepOf(annex, pointer, narrow);
      // What has just been added is there with the next frame.
      if (to === step) return void requestAnimationFrame(() => focusSoon(fieldId(pointer)));
      wanted.current = pointer;
      go(to);
    },
  };
  // The same words may stand at several rows: the summary says at which.
  const placed = (all: Finding[]) =>
    all.map((f) => {
      const row = rows[Number(/^\/content\/rows\/(\d+)/.exec(f.pointer ?? '')?.[1] ?? -1)];
      if (!row?.block.includes('.') && row?.block !== '2') return f;
      const where = `${row.block} ${rowName(row)}`;
      return { ...f, message: `${where}: ${f.message}`, message_vi: `${where}: ${f.message_vi}` };
    });
  return (
    <AnnexFormProvider value={form}>
      <div className="annex">
        <Progress annex={annex} step={step} go={go} />
        <OfWhat draft={draft} annex={annex} />
        {checked && <FindingSummary ref={summary} findings={placed(findings)} onGo={form.goTo} />}
        {trouble !== undefined && <Trouble error={trouble} />}
        <Step step={step} annex={annex} narrow={narrow}>
          <Check
            findings={findings}
            sending={sending}
            offline={checks.error instanceof Offline}
            submit={() => void submit()}
            acknowledge={(codes) => set({ ...draft, acknowledged: codes })}
            setReason={(reason) => {
              setVerdict(undefined);
              set({ ...draft, reason, state: 'draft', findings: undefined });
            }}
          />
        </Step>
        <Saved draft={draft} offline={checks.error instanceof Offline} />
      </div>
    </AnnexFormProvider>
  );
}

function Step({ step, annex, narrow, children }: { step: string; annex: Annex; narrow: boolean; children: ReactNode }) {
  const [name, index] = step.split('-');
  if (step === 'question') return <Answer />;
  if (step === 'check') return children;
  if (step === 'head' || annex.answer === 'no') return <Head />;
  if (step === 'damage') return <Damage />;
  if (annex.mode === 'table') {
    const at = Number(index);
    if (narrow && name === 'row' && rowsOf(annex)[at]) return <RowSheet key={at} at={at} />;
    return <Table />;
  }
  const at = Number(index);
  if (name === 'accident' && annex.accidents[at]) return <AccidentForm key={annex.accidents[at].id} at={at} />;
  return <AccidentList />;
}

/** stepsOf are the steps of the form: three when nothing happened. */
export function stepsOf(annex: Annex): { name: string; text: Text }[] {
  const question = { name: 'question', text: texts.stepQuestion };
  const head = { name: 'head', text: texts.stepHead };
  const check = { name: 'check', text: texts.stepCheck };
  if (annex.answer === 'no') return [question, head, check];
  const happened = annex.mode === 'table' ? { name: 'table', text: texts.stepTable } : { name: 'accidents', text: texts.stepAccidents };
  return [question, head, happened, { name: 'damage', text: texts.stepDamage }, check];
}

function Progress({ annex, step, go }: { annex: Annex; step: string; go: (step: string) => void }) {
  const { text } = useWords();
  const steps = stepsOf(annex);
  const whole = step.startsWith('row') ? 'table' : step.startsWith('accident') ? 'accidents' : step;
  const active = Math.max(1, steps.findIndex((s) => s.name === whole) + 1);
  return (
    <div className="annex-progress">
      <FormProgress activeStep={active} totalSteps={steps.length}>
        {steps.map((s, i) => (
          <FormProgress.Step
            key={s.name}
            href={`#${s.name}`}
            completed={i + 1 < active}
            onClick={(e) => {
              e.preventDefault();
              go(s.name);
            }}
          >
            {text(s.text)}
          </FormProgress.Step>
        ))}
      </FormProgress>
    </div>
  );
}

function OfWhat({ draft, annex }: { draft: Draft; annex: Annex }) {
  const { text } = useWords();
  const of = reporterOf(annex.head);
  return (
    <p className="quiet annex-of">
      {text(texts.ofPeriod, { unit: of.name || of.taxCode, period: periodName(text, String(annex.head.period ?? '')) })}
      {draft.revision > 1 && <> · {text(texts.amending, { revision: draft.revision })}</>}
    </p>
  );
}

function Saved({ draft, offline }: { draft: Draft; offline: boolean }) {
  const { text, moment } = useWords();
  if (offline) return <Alert variant="warning" size="small">{text(texts.offlineDraft)}</Alert>;
  return <p className="quiet annex-saved">{text(formTexts.saved, { time: moment(new Date(draft.changedAt)) })}</p>;
}

/** The place may only be there once the step is: it is looked for a few frames long, then the head of the step is taken. */
function focusSoon(id: string | undefined, frames = 20): void {
  const found = id ? document.getElementById(id) : document.getElementById('annex-title');
  if (found) {
    found.focus();
    if (id) found.scrollIntoView({ block: 'center' });
    return;
  }
  if (frames > 0) requestAnimationFrame(() => focusSoon(id, frames - 1));
  else if (id) focusSoon(undefined);
}
