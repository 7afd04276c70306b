import { Button, Textarea } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '#/api/client';
import { newDraft } from '#/drafts/draft';
import { saveDraft } from '#/drafts/store';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { annexOf, contentOf, kind, reporterOf, type Annex } from './annex';
import { periodName } from './names';
import { unitOf, type Prefill } from './prefill';
import type { Row } from './measures';
import texts from './messages';

interface Filed {
  content: Record<string, unknown>;
  revision: number;
  known?: Prefill;
}

/** The newest revision on file, and what the declarations say of its period now. */
async function filedOf(id: string, signal: AbortSignal): Promise<Filed> {
  const state = await answer(api.GET('/v1/reports/{id}', { params: { path: { id } }, signal }));
  const revision = state.current_revision ?? 1;
  const filed = await answer(api.GET('/v1/reports/{id}/revisions/{revision}', { params: { path: { id, revision } }, signal }));
  const content = (filed.submission.content ?? {}) as Record<string, unknown>;
  const { taxCode, site } = unitOf(filed.unit);
  const query = { kind, tax_code: reporterOf(content).taxCode || taxCode, period: filed.period ?? '', ...(site === '0' ? {} : { site }) };
  // The form opens without it, too.
  const known = await answer(api.GET('/v1/reports/draft', { params: { query }, signal })).catch(() => undefined);
  return { content, revision, known };
}

/** An amendment begins with its reason and goes on with what is on file. */
export function Amend({ id, owner }: { id: string; owner: string }) {
  const filed = useQuery({ queryKey: ['annex filed', id], queryFn: ({ signal }) => filedOf(id, signal), staleTime: 0, gcTime: 0 });
  return <Answered of={filed} height={400}>{(of) => <Reason filed={of} owner={owner} />}</Answered>;
}

function Reason({ filed, owner }: { filed: Filed; owner: string }) {
  const { text } = useWords();
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const reporter = reporterOf(filed.content);
  const begin = async () => {
    setAsked(true);
    if (!reason.trim()) return;
    const annex: Annex = { ...annexOf(filed.content), ...declaredOf(filed.known) };
    const draft = newDraft({ kind, owner, revision: filed.revision + 1, reason: reason.trim(), address: '', content: contentOf(annex), view: annex });
    draft.address = `/new/annex-xii?draft=${draft.id}`;
    await saveDraft(draft);
    await navigate({ to: '/new/annex-xii', search: { draft: draft.id, step: annex.answer === 'yes' ? 'table' : 'question' } });
  };
  return (
    <form
      className="form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void begin();
      }}
    >
      <div className="annex-head">
        <p className="quiet">{text(texts.title)} · {text(texts.form)}</p>
        <h1>{text(texts.amendTitle)}</h1>
        <p><strong>{reporter.name || reporter.taxCode}</strong>, {periodName(text, String(filed.content.period ?? ''))}. {text(texts.amending, { revision: filed.revision + 1 })}</p>
      </div>
      <Textarea label={text(texts.reason)} description={text(texts.reasonHint)} value={reason} onChange={(e) => setReason(e.target.value)} maxLength={500} error={asked && !reason.trim() && text(texts.reasonMissing)} />
      <div className="annex-actions"><Button type="submit">{text(texts.next)}</Button></div>
    </form>
  );
}

function declaredOf(known: Prefill | undefined): Pick<Annex, 'declared'> {
  if (!known) return {};
  const content = known.submission.content as { rows?: Row[] };
  return { declared: { rows: content.rows ?? [], cells: known.cells ?? [], cases: known.cases ?? [] } };
}
