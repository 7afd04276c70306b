import '@navikt/ds-css/dist/component/accordion.css';
import '@navikt/ds-css/dist/component/chips.css';
import { Accordion, Button, Chips, Search, Select } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate, useRouterState } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { answer, api, type Schemas } from '#/api/client';
import { useDictionary } from '#/api/dictionary';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import type { Text } from '#/language/text';
import { finder, groupOf, type Severity, type Wanted } from './catalogue';
import { RuleEntry } from './RuleEntry';
import texts from './messages';
import './rules.css';

const route = getRouteApi('/rules');

/** So many rules that were looked for are shown without opening their groups. */
const few = 60;

/** Rules is the book of all checks: each stands under its code, which addresses lead to. */
export function Rules() {
  const { text } = useWords();
  const rules = useQuery({ queryKey: ['rules'], queryFn: ({ signal }) => answer(api.GET('/v1/rules', { signal })), staleTime: Infinity });
  return (
    <div className="rules stack">
      <h1>{text(texts.title)}</h1>
      <p>{text(texts.lead)}</p>
      <Answered of={rules} height={900}>
        {(catalogue) => <Book catalogue={catalogue} />}
      </Answered>
    </div>
  );
}

function Book({ catalogue }: { catalogue: Schemas['RuleCatalogue'] }) {
  const { text, whole } = useWords();
  const wanted = route.useSearch();
  const navigate = useNavigate();
  const rules = useMemo(() => catalogue.rules ?? [], [catalogue]);
  const find = useMemo(() => finder(rules), [rules]);
  const all = useMemo(() => find({}), [find]);
  const groups = useDeferredValue(useMemo(() => find(wanted), [find, wanted]));
  const n = groups.reduce((sum, g) => sum + g.rules.length, 0);
  const narrowed = n < rules.length;
  const want = (change: Wanted) => void navigate({ to: '/rules', search: { ...wanted, ...change }, replace: true, resetScroll: false });
  const nameOf = useGroupNames();
  return (
    <>
      <div className="controls">
        <form role="search" onSubmit={(e) => e.preventDefault()}>
          <Search label={text(texts.search)} hideLabel={false} variant="simple" value={wanted.q ?? ''} onChange={(q) => want({ q: q || undefined })} />
        </form>
        <Select label={text(texts.kind)} value={wanted.kind ?? ''} onChange={(e) => want({ kind: e.target.value || undefined })}>
          <option value="">{text(texts.all)}</option>
          {all.map((g) => <option key={g.id} value={g.id}>{nameOf(g.id)}</option>)}
        </Select>
        <Chips aria-label={text(texts.filters)}>
          {(['error', 'warning', 'hint'] satisfies Severity[]).map((s) => (
            <Chips.Toggle key={s} checkmark={false} selected={wanted.severity === s} onClick={() => want({ severity: wanted.severity === s ? undefined : s })}>
              {text(texts[s])}
            </Chips.Toggle>
          ))}
          <Chips.Toggle checkmark={false} selected={wanted.unverified === 1} onClick={() => want({ unverified: wanted.unverified ? undefined : 1 })}>
            {text(texts.unverified)}
          </Chips.Toggle>
        </Chips>
      </div>
      <p role="status" className="quiet">
        {narrowed ? text(texts.countOf, { n: whole(n), all: whole(rules.length) }) : text(texts.count, { n })}. {text(texts.version, { version: catalogue.version })}{' '}
        <a href="/v1/rules">{text(texts.machine)}</a>
      </p>
      {n === 0 && (
        <p>
          {text(texts.none)} <Button size="small" variant="tertiary" onClick={() => void navigate({ to: '/rules', search: {} })}>{text(texts.clear)}</Button>
        </p>
      )}
      <Groups groups={groups} opened={narrowed && n <= few} nameOf={nameOf} />
    </>
  );
}

function Groups({ groups, opened, nameOf }: { groups: ReturnType<ReturnType<typeof finder>>; opened: boolean; nameOf: (id: string) => string }) {
  const { text } = useWords();
  const here = useRouterState({ select: (s) => s.location.hash });
  const [turned, setTurned] = useState<Record<string, boolean>>({});
  const home = groups.find((g) => g.rules.some((r) => r.code === here))?.rules.find((r) => r.code === here);
  const isOpen = (id: string) => turned[id] ?? (opened || (home !== undefined && groupOf(home) === id));
  useEffect(() => {
    if (!home) return;
    const entry = document.getElementById(home.code);
    entry?.scrollIntoView({ block: 'start' });
    entry?.focus({ preventScroll: true });
  }, [home]);
  return (
    <Accordion>
      {groups.map((g) => (
        <Accordion.Item key={g.id} open={isOpen(g.id)} onOpenChange={(open) => setTurned((before) => ({ ...before, [g.id]: open }))}>
          <Accordion.Header>
            {nameOf(g.id)} <span className="quiet size">{text(texts.count, { n: g.rules.length })}</span>
          </Accordion.Header>
          {/* Nothing of a closed group is made: hundreds of rules would keep a phone waiting. */}
          <Accordion.Content>{isOpen(g.id) && g.rules.map((r) => <RuleEntry key={r.code} rule={r} here={r.code === here} />)}</Accordion.Content>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

/** useGroupNames names groups: by their kind, or what all reports and requests have in common. */
function useGroupNames(): (id: string) => string {
  const { name, text } = useWords();
  const kinds = useDictionary().data?.kinds;
  return (id) => {
    const shared = (texts as Record<string, Text>)[id];
    return name(kinds?.find((k) => k.kind === id)) || (shared ? text(shared) : id);
  };
}
