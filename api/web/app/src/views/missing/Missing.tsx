import '@navikt/ds-css/dist/component/chips.css';
import { Alert, Button, Chips } from '@navikt/ds-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '#/api/client';
import { useCodeList } from '#/api/codelists';
import { useMe } from '#/api/me';
import { Answered, barred, Trouble } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { answerOf } from './answer';
import { first } from './asked';
import { Filters } from './Filters';
import { downloadList, nextCursor, states, useObligations, type Asked, type Purpose, type State } from './questions';
import { Units } from './Units';
import texts from './messages';
import '#/figures/figures.css';
import './missing.css';

/** Missing tells an officer who has not reported, and how to reach them. */
export function Missing() {
  const search = useSearch({ from: '/missing' });
  const navigate = useNavigate({ from: '/missing' });
  const { text } = useWords();
  const me = useMe();
  const unasked = first(me.data);
  const [purpose, setPurpose] = useState<Purpose>(unasked.purpose);
  // Where the pages before this one begin: the way back.
  const [before, setBefore] = useState<(string | undefined)[]>([]);

  const asked: Asked = {
    province: search.province ?? unasked.province,
    period: search.period ?? unasked.period,
    kind: search.kind,
    state: search.state === undefined ? unasked.state : states.filter((s) => search.state?.split(',').includes(s)),
    cursor: search.cursor,
    purpose,
  };
  const list = useObligations(asked, !me.isPending);
  const set = (to: Partial<typeof search>) => {
    setBefore([]);
    void navigate({ search: { ...search, cursor: undefined, ...to }, resetScroll: false });
  };
  const page = (cursor: string | undefined, way: (string | undefined)[]) => {
    setBefore(way);
    void navigate({ search: { ...search, cursor } });
  };

  return (
    <div className="missing">
      <h1>{text(texts.title)}</h1>
      {list.data && <Answer list={list.data} asked={asked} />}
      {!barred(list.error) && <Filters asked={asked} set={set} setPurpose={setPurpose} />}
      <Answered of={list} height={700}>
        {(data) => (
          <>
            <div className="missing-bar">
              <States counts={data.counts} chosen={asked.state} onChange={(chosen) => set({ state: chosen.join(',') || 'all' })} />
              {data.obligations.length > 0 && <Download asked={asked} />}
            </div>
            {data.obligations.length === 0 ? <Empty list={data} asked={asked} /> : <Units list={data} />}
            <Pages
              next={data.next ? nextCursor(`<${data.next}>; rel="next"`) : undefined}
              begun={search.cursor !== undefined}
              known={before.length > 0}
              onNext={(cursor) => page(cursor, [...before, search.cursor])}
              onBack={() => page(before.at(-1), before.slice(0, -1))}
            />
          </>
        )}
      </Answered>
    </div>
  );
}

type List = Schemas['ObligationList'];

function Answer({ list, asked }: { list: List; asked: Asked }) {
  const provinces = useCodeList('provinces');
  const [answer, units] = answerOf(useWords(), list, asked, provinces.data?.codes);
  return (
    <div className="missing-answer">
      <p className="answer">{answer}</p>
      <p className="quiet">{units}</p>
    </div>
  );
}

/** States are counts and filters at once; a state that nobody is in is left out unless it is chosen. */
function States({ counts, chosen, onChange }: { counts: List['counts']; chosen: State[]; onChange: (states: State[]) => void }) {
  const { text, whole } = useWords();
  const shown = states.filter((s) => chosen.includes(s) || counts.some((c) => c.state === s));
  const number = (state: State) => whole(counts.find((c) => c.state === state)?.obligations ?? 0);
  const toggle = (state: State) => onChange(chosen.includes(state) ? chosen.filter((s) => s !== state) : [...chosen, state]);
  return (
    <Chips aria-label={text(texts.states)}>
      {shown.map((state) => (
        <Chips.Toggle key={state} selected={chosen.includes(state)} onClick={() => toggle(state)}>
          {text(texts.stateCount, { state: text(texts[state]), n: number(state) })}
        </Chips.Toggle>
      ))}
    </Chips>
  );
}

function Empty({ list, asked }: { list: List; asked: Asked }) {
  const { text } = useWords();
  if (list.units === 0) return <Alert variant="info">{text(texts.nobody)}</Alert>;
  const done = asked.state.length === 1 && asked.state[0] === 'missing';
  return <Alert variant={done ? 'success' : 'info'}>{text(done ? texts.allDone : texts.noneSuch)}</Alert>;
}

function Pages({ next, begun, known, onNext, onBack }: { next: string | undefined; begun: boolean; known: boolean; onNext: (cursor: string) => void; onBack: () => void }) {
  const { text } = useWords();
  if (!next && !begun) return null;
  return (
    <nav className="row" aria-label={text(texts.page)}>
      {begun && <Button variant="secondary" onClick={onBack}>{text(known ? texts.previous : texts.first)}</Button>}
      {next && <Button variant="secondary" onClick={() => onNext(next)}>{text(texts.next)}</Button>}
    </nav>
  );
}

function Download({ asked }: { asked: Asked }) {
  const { text } = useWords();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>();
  const load = () => {
    setBusy(true);
    setTrouble(undefined);
    downloadList(asked)
      .then((file) => save(file, `${asked.province.replace(':', '-')}-${asked.period}.csv`), setTrouble)
      .finally(() => setBusy(false));
  };
  return (
    <div className="download">
      <Button onClick={load} loading={busy}>{text(texts.download)}</Button>
      <span className="visually-hidden" role="status">{busy ? text(texts.downloading) : ''}</span>
      {trouble !== undefined && <Trouble error={trouble} again={load} />}
    </div>
  );
}

/** save hands a file to the browser: it was asked for with a header that a link cannot carry. */
function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
