import { Alert } from '@navikt/ds-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '#/api/client';
import { may } from '#/api/may';
import { useMe } from '#/api/me';
import { Answered } from '#/frame/State';
import { mayWatch } from '#/figures/entitled';
import { headlines, type Item } from '#/figures/item';
import { TargetCard } from '#/figures/TargetCard';
import { useWords } from '#/language/LanguageProvider';
import { answerOf } from './answer';
import { Choices, type Choice } from './Choices';
import { Provinces } from './Provinces';
import { asks, useBoard, type Asked } from './questions';
import texts from './messages';
import './attainment.css';

/** Attainment is the board: whether the targets of a plan are met, for the nation or a province. */
export function Attainment() {
  const search = useSearch({ from: '/attainment' });
  const navigate = useNavigate({ from: '/attainment' });
  const words = useWords();
  const { text, name } = words;
  const me = useMe();

  const asked = asks(search, me.data);
  const { area } = asked;
  const board = useBoard(asked, !me.isPending);
  const set = (choice: Choice & { target?: string }) => void navigate({ search: { ...search, ...choice }, resetScroll: false });

  const first = board.data?.items[0];
  const summary = [first && name(first.area.name), board.data?.year, asked.view === 'live' ? text(texts.live) : text(texts.closed)].filter(Boolean).join(' · ');
  const watches = mayWatch(me.data, area) ? 'here' : may(me.data, 'read_live') ? 'elsewhere' : 'never';

  return (
    <div className="board">
      <div className="board-head">
        <h1>{text(asked.plan === 'D31' ? texts.directive : texts.plan)}</h1>
        {board.data && <p className="answer">{answerOf(words, board.data)}</p>}
      </div>
      {!search.wall && <Choices asked={asked} year={board.data?.year} watches={watches} summary={summary} set={set} />}
      <div className="board-body">
        <Answered of={board} height={620}>
          {(data) => (
            <>
              <Stamp data={data} />
              <Targets data={data} asked={asked} />
              <PrintFoot items={headlines(data.items)} />
              {data.items.length > 0 && (
                <Provinces
                  heads={headlines(data.items)}
                  target={search.target}
                  geography={asked.geography}
                  view={asked.view}
                  mixed={me.data?.nation !== true}
                  wall={search.wall === 1}
                  area={area}
                  setTarget={(target) => set({ target })}
                  setArea={(chosen) => {
                    set({ area: chosen });
                    // The cards of the chosen province stand at the top: whoever hears the page is led there, too.
                    document.getElementById('main')?.focus();
                    scrollTo(0, 0);
                  }}
                />
              )}
            </>
          )}
        </Answered>
      </div>
    </div>
  );
}

type Board = Schemas['IndicatorAttainment'];

/** Stamp says of which moment closed figures are; the frame says it of live ones. */
function Stamp({ data }: { data: Board }) {
  const { text, moment } = useWords();
  const at = data.items[0]?.current.as_of;
  if (!at || data.view === 'live') return null;
  return <p className="quiet stamp">{text(texts.closedOn, { time: moment(at) })}</p>;
}

function Targets({ data, asked }: { data: Board; asked: Asked }) {
  const { text } = useWords();
  const heads = headlines(data.items);
  if (heads.length > 0 && heads.every((h) => h.reason?.code === 'no_base_year')) return <Alert variant="info">{text(texts.noBase)}</Alert>;
  const leading = heads.find((h) => h.verdict === 'not_met') ?? heads[0];
  return (
    <div className="target-cards">
      <h2 className="visually-hidden">{text(texts.targets)}</h2>
      {heads.map((item) => (
        <TargetCard key={item.target.id} item={item} points={data.coverage_points} geography={asked.geography} view={asked.view} leading={item === leading} />
      ))}
    </div>
  );
}

/** On paper every number names the definition that it was made by. */
function PrintFoot({ items }: { items: Item[] }) {
  const { text, name } = useWords();
  const list = items.map((i) => text(texts.definitionVersion, { text: name(i.definition.text), version: i.definition.version })).join('; ');
  return <p className="print-only">{text(texts.footDefinitions, { list })}</p>;
}
