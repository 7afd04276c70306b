import { Button, TextField } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '#/api/client';
import { may, signedIn, type Myself } from '#/api/may';
import { useMe } from '#/api/me';
import { useDrafts } from '#/drafts/useDraft';
import { Answered, Loading, Trouble } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { UnitPicker } from '#/views/reports/UnitPicker';
import { useNames } from '#/views/reports/useNames';
import { Drafts } from './Drafts';
import { Duties } from './Duties';
import texts from './messages';
import { owedQuestion } from './questions';
import { unitSaid } from './said';
import '#/views/reports/reports.css';
import './owed.css';

/** Owed says what a unit has to file, what waits and what was begun. */
export function Owed() {
  const { text } = useWords();
  const asked = useMe();
  if (asked.isPending) return <Loading height={480} />;
  const me = signedIn(asked.data);
  if (!me) return <Trouble error={asked.error ?? new ApiProblem(401, undefined)} />;
  return (
    <div className="stack owed">
      <div className="owed-head">
        <h1>{text(texts.title)}</h1>
        {may(me, 'file') && <Actions />}
      </div>
      <Mine me={me} />
    </div>
  );
}

function Actions() {
  const { text } = useWords();
  return (
    <div className="owed-actions">
      <Link to="/new" className="owed-other">{text(texts.other)}</Link>
      <Button as={Link} role="link" to="/new/accident" className="owed-accident">{text(texts.accident)}</Button>
    </div>
  );
}

function Mine({ me }: { me: Myself }) {
  const search = useSearch({ from: '/owed' });
  const drafts = useDrafts(me.id) ?? [];
  const unit = search.unit ?? me.units?.[0];
  return (
    <>
      <Units me={me} unit={unit} />
      <Drafts drafts={drafts} />
      {unit !== undefined && <OfUnit unit={unit} />}
    </>
  );
}

function Units({ me, unit }: { me: Myself; unit: string | undefined }) {
  const { text } = useWords();
  const navigate = useNavigate({ from: '/owed' });
  const units = me.units ?? [];
  if (units.length === 0) return <AnyUnit key={unit} unit={unit} />;
  if (units.length === 1) return <Only unit={units[0]!} />;
  return (
    <div className="owed-unit">
      <UnitPicker label={text(texts.unit)} units={units} value={unit} onChange={(chosen) => void navigate({ search: { unit: chosen } })} />
    </div>
  );
}

function Only({ unit }: { unit: string }) {
  const { unitName } = useNames();
  const list = useQuery(owedQuestion(unit));
  return <p className="quiet">{unitSaid(useWords(), unitName(unit), list.data?.obligations)}</p>;
}

// Whose scope is no list of units may ask for any unit within it.
function AnyUnit({ unit }: { unit: string | undefined }) {
  const { text } = useWords();
  const navigate = useNavigate({ from: '/owed' });
  const [typed, setTyped] = useState(unit ?? '');
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ search: { unit: typed.trim() || undefined } });
      }}
    >
      <TextField label={text(texts.taxCode)} description={unit ? undefined : text(texts.whose)} value={typed} onChange={(e) => setTyped(e.target.value)} autoComplete="off" inputMode="numeric" />
      <Button type="submit" variant="secondary">{text(texts.show)}</Button>
    </form>
  );
}

function OfUnit({ unit }: { unit: string }) {
  const { text } = useWords();
  const query = useQuery(owedQuestion(unit));
  if (query.data === null) return <p className="owed-said">{text(texts.notRegistered, { unit })}</p>;
  return (
    <Answered of={query} height={480}>
      {(list) => list && <Duties all={list.obligations ?? []} at={list.at} />}
    </Answered>
  );
}
