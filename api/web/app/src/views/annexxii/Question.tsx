import { Alert, Button, Radio, RadioGroup } from '@navikt/ds-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Offline } from '#/api/client';
import { newDraft, type Draft } from '#/drafts/draft';
import { saveDraft } from '#/drafts/store';
import { useDrafts } from '#/drafts/useDraft';
import { Loading, Trouble } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { contentOf, kind, reporterOf, type Annex } from './annex';
import { useNarrow } from './form';
import { periodName } from './names';
import { accidentsOf, newAnnex, unitOf, usePrefill, type Prefill } from './prefill';
import texts from './messages';

/** The first screen: is there anything to report at all? Nothing is kept before it is answered. */
export function Question({ unit, period, owner }: { unit: string; period: string; owner: string }) {
  const { text } = useWords();
  const known = usePrefill(unit, period);
  const offline = known.error instanceof Offline;
  return (
    <div className="form">
      <Head unit={unit} period={period} name={known.data && reporterOf(headOf(known.data)).name} />
      {known.isPending && <Loading height={320} />}
      {known.isError && !offline && <Trouble error={known.error} again={() => void known.refetch()} />}
      {offline && <Alert variant="warning">{text(texts.noPrefill)}</Alert>}
      {(known.data || offline) && <Ask key={`${unit} ${period}`} unit={unit} period={period} owner={owner} known={known.data} />}
    </div>
  );
}

const headOf = (known: Prefill) => known.submission.content as Record<string, unknown>;

function Head({ unit, period, name }: { unit: string; period: string; name?: string }) {
  const { text } = useWords();
  const year = Number(period.slice(0, 4));
  return (
    <div className="annex-head">
      <p className="quiet">{text(texts.title)} · {text(texts.form)}</p>
      <h1>{text(texts.question)}</h1>
      <p className="quiet">{text(texts.questionHint)}</p>
      <p>
        <strong>{name ? `${name} (${unit})` : unit}</strong>, {periodName(text, period)}.{' '}
        {text(period.endsWith('H1') ? texts.dueHalf : texts.dueYear, { year: String(year), next: String(year + 1) })}.
      </p>
      <p><Link to="/new/annex-xii" search={{}} className="aksel-link">{text(texts.otherPeriod)}</Link></p>
    </div>
  );
}

function Ask({ unit, period, owner, known }: { unit: string; period: string; owner: string; known: Prefill | undefined }) {
  const { text, moment } = useWords();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const declared = known?.cases?.length ?? 0;
  const [answered, setAnswer] = useState<Annex['answer'] | undefined>(declared > 0 ? 'yes' : undefined);
  const [mode, setMode] = useState<Annex['mode']>(narrow ? 'accidents' : 'table');
  const [asked, setAsked] = useState(false);
  const [beginning, setBeginning] = useState(false);
  const open = useDrafts(owner)?.find((d) => isOpen(d, unit, period));

  if (known?.filed) return <OnFile filed={known.filed} />;

  const begin = async () => {
    setAsked(true);
    if (!answered || beginning) return;
    setBeginning(true);
    const annex: Annex = { answer: answered, mode, ...newAnnex(known, unit, period, new Date().toLocaleDateString('sv-SE')) };
    if (answered === 'yes' && mode === 'accidents') annex.accidents = await accidentsOf(annex.declared?.cases ?? []);
    const revision = (known?.submission.revision as number | undefined) ?? 1;
    const draft = newDraft({ kind, owner, revision, address: '', content: contentOf(annex), view: annex });
    draft.address = `/new/annex-xii?draft=${draft.id}`;
    await saveDraft(draft);
    await navigate({ to: '/new/annex-xii', search: { draft: draft.id, step: 'head' } });
  };
  return (
    <>
      {open && (
        <Alert variant="info">
          {text(texts.openDraft, { time: moment(new Date(open.changedAt)) })}{' '}
          <Link className="aksel-link" to="/new/annex-xii" search={{ draft: open.id, step: 'head' }}>{text(texts.resume)}</Link>
        </Alert>
      )}
      {declared > 0 && <Alert variant="info">{text(texts.declaredCases, { n: declared })}</Alert>}
      <RadioGroup
        legend={text(texts.question)}
        hideLegend
        value={answered ?? ''}
        onChange={(v: Annex['answer']) => setAnswer(v)}
        error={asked && !answered && text(texts.answerMissing)}
      >
        <Radio value="no">{text(texts.no)}</Radio>
        <Radio value="yes">{text(texts.yes)}</Radio>
      </RadioGroup>
      {answered === 'no' && declared > 0 && <Alert variant="warning">{text(texts.declaredButNo, { n: declared })}</Alert>}
      {answered === 'yes' && (
        <RadioGroup legend={text(texts.how)} value={mode} onChange={(v: Annex['mode']) => setMode(v)}>
          <Radio value="accidents" description={text(texts.byAccidentHint)}>{text(texts.byAccident)}</Radio>
          <Radio value="table" description={text(texts.byTableHint)}>{text(texts.byTable)}</Radio>
        </RadioGroup>
      )}
      <div className="annex-actions">
        <Button loading={beginning} onClick={() => void begin()}>{text(texts.next)}</Button>
      </div>
    </>
  );
}

/** A draft of the same unit and period that was begun earlier. */
function isOpen(draft: Draft, unit: string, period: string): boolean {
  if (draft.kind !== kind || (draft.state !== 'draft' && draft.state !== 'returned')) return false;
  const content = draft.content as Record<string, unknown>;
  const of = reporterOf(content);
  const { taxCode, site } = unitOf(unit);
  return content.period === period && of.taxCode === taxCode && of.site === site;
}

function OnFile({ filed }: { filed: NonNullable<Prefill['filed']> }) {
  const { text } = useWords();
  const navigate = useNavigate();
  return (
    <>
      <Alert variant="info">
        <p><strong>{text(texts.onFile, { revision: filed.revision })}</strong></p>
        <p>{text(texts.onFileHint)}</p>
        <p><Link className="aksel-link" to="/reports/$id" params={{ id: filed.report_id }}>{text(texts.versions)}</Link></p>
      </Alert>
      <div className="annex-actions">
        <Button onClick={() => void navigate({ to: '/new/annex-xii', search: { report: filed.report_id } })}>{text(texts.amend)}</Button>
      </div>
    </>
  );
}
