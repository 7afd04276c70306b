import { Alert, Loader } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode } from 'react';
import { ApiProblem, Offline } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import type { Opening } from './useOpening';
import texts from './messages';
import { blocks } from './useChecks';
import type { Report } from './useReport';
import './forms.css';

/** Why a report cannot be filled in here: undefined if it can. */
export function Barred({ opening, report, fresh, loaded }: { opening: Opening; report: Report | undefined; fresh: boolean; loaded: boolean }): ReactNode {
  const { text } = useWords();
  const stored = report?.begun ? report.draft : undefined;
  if (!fresh && loaded && (!stored || stored.owner !== opening.me.id)) {
    return (
      <Notice title={text(texts.notFound)}>
        <p>{text(texts.notFoundWhy)}</p>
        <Link to="/new" className="aksel-link">{text(texts.startAnew)}</Link>
      </Notice>
    );
  }
  if (stored?.state === 'filed' || stored?.state === 'waiting') {
    return (
      <Notice title={text(texts.alreadyFiled)}>
        <Link to="/receipts/$no" params={{ no: stored.id }} className="aksel-link">{text(texts.toReceipt)}</Link>
      </Notice>
    );
  }
  if (opening.as.length === 0 && !opening.amends) {
    return (
      <Notice title={text(texts.notMaker)}>
        <Link to="/new" className="aksel-link">{text(texts.otherReports)}</Link>
      </Notice>
    );
  }
  return undefined;
}

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert variant="info" className="notice">
      <p className="strong">{title}</p>
      {children}
    </Alert>
  );
}

/** State says where what was typed is, and what the platform's checks say of it. It is not filed. */
export function State({ report }: { report: Report }) {
  const { text, moment } = useWords();
  const { begun, draft, stale, checkError, findings } = report;
  const wrong = findings.filter((f) => f.severity === 'error').length;
  const unsaid = findings.filter((f) => blocks(f, draft.acknowledged)).length - wrong;
  return (
    <div className="form-state" role="status">
      <p>{begun ? text(texts.saved, { time: moment(new Date(draft.changedAt)) }) : text(texts.notSaved)}</p>
      {begun && <p className="quiet">{checkError instanceof Offline ? text(texts.unchecked) : checkError ? text(texts.cannotCheck) : stale ? <Checking /> : wrong > 0 ? text(texts.left, { n: wrong }) : unsaid > 0 ? text(texts.toAcknowledge, { n: unsaid }) : text(texts.nothingWrong)}</p>}
    </div>
  );
}

function Checking() {
  const { text } = useWords();
  return (
    <>
      <Loader size="xsmall" title={text(texts.checking)} /> {text(texts.checking)}
    </>
  );
}

/** Refused says that the platform did not take a report, for a reason that stands at no field. */
export function Refused({ error }: { error: unknown }) {
  const { text, pick } = useWords();
  const reasons = error instanceof ApiProblem ? (error.problem?.errors ?? []) : [];
  return (
    <Alert variant="error" role="alert">
      <p className="strong">{text(texts.refused)}</p>
      {reasons.map((f) => (
        <p key={f.code + (f.pointer ?? '')}>
          {pick(f.message_vi, f.message)} ({f.code})
        </p>
      ))}
      <p>{text(reasons.length > 0 ? texts.draftKept : texts.refusedWhy)}</p>
    </Alert>
  );
}
