import { Button, Radio, RadioGroup } from '@navikt/ds-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { newDraft, uuidV7, type Draft } from '#/drafts/draft';
import { addressOf } from '#/forms/kinds';
import { Barred } from '#/forms/Sheet';
import { keptGroups } from '#/forms/tree';
import { useDraftId } from '#/forms/useDraftId';
import { useOpening, type Opening } from '#/forms/useOpening';
import { useReport } from '#/forms/useReport';
import { Answered, Loading } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { isStep, names, stepOf } from './steps';
import './declaration.css';

const kind = 'accident_declaration';

// What the first question does not need comes once it stands.
const loadGuided = () => import('./Guided');
const Guided = lazy(async () => ({ default: (await loadGuided()).Guided }));

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
  return (
    <Suspense fallback={<Loading height={600} />}>
      <Guided opening={opening} report={report} step={isStep(search.step) ? search.step : 'place'} />
    </Suspense>
  );
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
  useEffect(() => void loadGuided(), []);
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
