import '@navikt/ds-css/dist/component/accordion.css';
import '@navikt/ds-css/dist/component/chips.css';
import { Accordion, Button, Chips, Search, Select } from '@navikt/ds-react';
import { getRouteApi, useNavigate, useRouterState } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Schemas } from '#/api/client';
import { useDictionary } from '#/api/dictionary';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { source } from '#/language/sources';
import { anchorOf, everyReport, finder, type Group, type Wanted } from './catalogue';
import { CodeLists } from './CodeLists';
import { Fields } from './Fields';
import texts from './messages';
import './dictionary.css';

const route = getRouteApi('/dictionary');

/** So many fields that were looked for are shown without opening their groups. */
const few = 60;

type Kind = Schemas['DictionaryKind'];

/** Dictionary has every field of every report, and every code list. */
export function Dictionary() {
  const { text } = useWords();
  const dictionary = useDictionary();
  return (
    <div className="dictionary stack">
      <h1>{text(texts.title)}</h1>
      <p>{text(texts.lead)}</p>
      <Answered of={dictionary} height={1200}>
        {(found) => <Book fields={found.fields ?? []} kinds={found.kinds ?? []} />}
      </Answered>
    </div>
  );
}

function Book({ fields, kinds }: { fields: Schemas['ReportField'][]; kinds: Kind[] }) {
  const { text, name, whole } = useWords();
  const wanted = route.useSearch();
  const navigate = useNavigate();
  const find = useMemo(() => finder(fields), [fields]);
  const groups = useDeferredValue(useMemo(() => find(wanted), [find, wanted]));
  const n = groups.reduce((sum, g) => sum + g.fields.length, 0);
  const narrowed = n < fields.length;
  const want = (change: Wanted) => void navigate({ to: '/dictionary', search: { ...wanted, ...change }, replace: true, resetScroll: false });
  return (
    <>
      <div className="controls">
        <form role="search" onSubmit={(e) => e.preventDefault()}>
          <Search label={text(texts.search)} hideLabel={false} variant="simple" value={wanted.q ?? ''} onChange={(q) => want({ q: q || undefined })} />
        </form>
        <Select label={text(texts.kind)} value={wanted.kind ?? ''} onChange={(e) => want({ kind: e.target.value || undefined })}>
          <option value="">{text(texts.all)}</option>
          <option value={everyReport}>{text(texts.every)}</option>
          {kinds.map((k) => <option key={k.kind} value={k.kind}>{name(k)}</option>)}
        </Select>
        <Chips aria-label={text(texts.filters)}>
          <Chips.Toggle checkmark={false} selected={wanted.unverified === 1} onClick={() => want({ unverified: wanted.unverified ? undefined : 1 })}>
            {text(texts.unverified)}
          </Chips.Toggle>
        </Chips>
      </div>
      <p role="status" className="quiet">
        {narrowed ? text(texts.countOf, { n: whole(n), all: whole(fields.length) }) : text(texts.count, { n })}. <a href="/v1/dictionary">{text(texts.machine)}</a>
      </p>
      <h2>{text(texts.reports)}</h2>
      {n === 0 && (
        <p>
          {text(texts.none)} <Button size="small" variant="tertiary" onClick={() => void navigate({ to: '/dictionary', search: {} })}>{text(texts.clear)}</Button>
        </p>
      )}
      <Groups groups={groups} opened={narrowed && n <= few} kinds={kinds} />
      <h2>{text(texts.lists)}</h2>
      <CodeLists q={wanted.q} />
    </>
  );
}

function Groups({ groups, opened, kinds }: { groups: Group[]; opened: boolean; kinds: Kind[] }) {
  const { text, name } = useWords();
  const here = useRouterState({ select: (s) => s.location.hash });
  const [turned, setTurned] = useState<Record<string, boolean>>({});
  const home = groups.find((g) => g.fields.some((f) => anchorOf(f) === here))?.id;
  const isOpen = (id: string) => turned[id] ?? (opened || home === id);
  useEffect(() => {
    if (home) document.getElementById(here)?.scrollIntoView({ block: 'start' });
  }, [home, here]);
  return (
    <Accordion>
      {groups.map((g) => {
        const kind = kinds.find((k) => k.kind === g.id);
        return (
          <Accordion.Item key={g.id} open={isOpen(g.id)} onOpenChange={(open) => setTurned((before) => ({ ...before, [g.id]: open }))}>
            <Accordion.Header>
              {kind ? name(kind) : text(texts.every)} <span className="quiet size">{text(texts.count, { n: g.fields.length })}</span>
            </Accordion.Header>
            {/* Nothing of a closed group is made: hundreds of fields would keep a phone waiting. */}
            <Accordion.Content>
              {isOpen(g.id) && (
                <>
                  {kind && <AboutKind kind={kind} />}
                  <Fields fields={g.fields} label={kind ? name(kind) : text(texts.every)} here={here} />
                </>
              )}
            </Accordion.Content>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}

function AboutKind({ kind }: { kind: Kind }) {
  const { text, language } = useWords();
  return (
    <p className="small">
      <span className="code">{kind.kind}</span> · {text(kind.event ? texts.event : texts.periodic)} · {text(texts.legal, { source: source(language, kind.legal_ref) })}
      {kind.status === 'UNVERIFIED' && <> · {text(texts.unverified)}</>}
    </p>
  );
}
