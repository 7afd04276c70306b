import { Checkbox, ErrorSummary } from '@navikt/ds-react';
import { type Ref } from 'react';
import type { Finding } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import { fieldId } from './fields';
import texts from './messages';

/** FindingSummary lists what keeps a report from being filed, each with a link to its place. */
export function FindingSummary({ findings, ref, onGo }: { findings: Finding[]; ref?: Ref<HTMLDivElement>; onGo?: (pointer: string) => void }) {
  const { text, pick } = useWords();
  const errors = findings.filter((f) => f.severity === 'error');
  if (errors.length === 0) return null;
  return (
    <ErrorSummary ref={ref} heading={text(texts.errors, { n: errors.length })}>
      {errors.map((f) => (
        <ErrorSummary.Item
          key={`${f.code} ${f.pointer}`}
          href={`#${fieldId(f.pointer ?? '')}`}
          onClick={(event) => {
            event.preventDefault();
            onGo?.(f.pointer ?? '');
            // The place may only be shown once the view has gone there.
            setTimeout(() => document.getElementById(fieldId(f.pointer ?? ''))?.focus(), 0);
          }}
        >
          <span>
            {pick(f.message_vi, f.message)} <span className="code">({f.code})</span>
          </span>
        </ErrorSummary.Item>
      ))}
    </ErrorSummary>
  );
}

/** Warnings are shown with their reason; those that have to be are acknowledged one by one. */
export function Warnings({ findings, acknowledged, set }: { findings: Finding[]; acknowledged: string[]; set: (codes: string[]) => void }) {
  const { text, pick } = useWords();
  const warnings = findings.filter((f) => f.severity !== 'error');
  if (warnings.length === 0) return null;
  return (
    <section className="stack" aria-label={text(texts.warnings)}>
      <h2>{text(texts.warnings)}</h2>
      {warnings.map((f) => (
        <div key={`${f.code} ${f.pointer}`} className="warning">
          <p>
            {pick(f.message_vi, f.message)} <span className="quiet">({f.code})</span>
          </p>
          {f.legal_ref && <p className="quiet">{text(texts.source, { source: f.legal_ref })}</p>}
          {f.acknowledge && (
            <Checkbox checked={acknowledged.includes(f.code)} onChange={(e) => set(e.target.checked ? [...acknowledged, f.code] : acknowledged.filter((c) => c !== f.code))}>
              {text(texts.acknowledge)}
            </Checkbox>
          )}
        </div>
      ))}
    </section>
  );
}
