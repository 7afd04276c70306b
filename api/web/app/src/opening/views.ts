import type { Schemas } from '#/api/client';
import { askFirst, first, isUnknown, readFirst } from '#/api/first';
import { may, signedIn, type Myself } from '#/api/may';
import { headlines } from '#/figures/item';
import { glyphs, type VerdictWord } from '#/figures/verdicts';
import { filesAs } from '#/forms/kinds';
import type { Words } from '#/language/words';
import { answerOf as answerOfBoard } from '#/views/attainment/answer';
import { answerOf as answerOfMissing } from '#/views/missing/answer';
import { asksFirst } from '#/views/missing/asked';
import { said, unitSaid } from '#/views/owed/said';
import { sentences } from '#/views/public/sentences';
import { answerOf as answerOfInvestigations } from '#/views/records/answer';
import { wholeAnswer } from '#/views/trends/said';
import { element } from './element';
import * as texts from './messages';

type Attainment = Schemas['IndicatorAttainment'];

/** What the first words of a view are made of. */
export interface Opening {
  words: Words;
  me: Myself;
  /** Puts them where the view will stand. */
  show: (...words: HTMLElement[]) => void;
  path: string;
}

/** openView shows the first words of the view of an address: its title at once, its answer when that is there. */
export async function openView(opening: Opening): Promise<void> {
  const { words: { text }, path, show } = opening;
  switch (path) {
    case '/':
      return country(opening);
    case '/attainment':
      return board(opening);
    case '/missing':
      return missing(opening);
    case '/trends':
      return trends(opening);
    case '/verify':
      // With a receipt the view begins with what it is worth.
      return says('receipt') ? undefined : show(led('verify stack', texts.verify, opening));
    case '/rules':
      return show(led('rules stack', texts.rules, opening));
    case '/dictionary':
      return show(led('dictionary stack', texts.dictionary, opening));
    case '/owed':
      return owed(opening);
    case '/new/annex-xii':
      return annexXII(opening);
    case '/reports':
      return says('withdrawn') ? undefined : show(element('div', { class: 'stack reports' }, element('h1', {}, text(texts.reports.title))));
    case '/records':
      // With a measure the view tells the reports behind a figure.
      return says('measure') ? undefined : investigations(opening);
    case '/new/accident':
      return declaration(opening);
  }
  if (path.startsWith('/targets/')) return target(opening);
}

/** led is a title with a sentence on what the view is for. */
const led = (of: string, { title, lead }: typeof texts.verify, { words: { text } }: Opening) => element('div', { class: of }, element('h1', {}, text(title)), element('p', {}, text(lead)));

/** Attainment as the program named it, undefined if the address asks for something that only the view understands. */
const attainment = () => readNamed<Attainment>('/v1/attainment?');

/** named is the question of a beginning that the program has named. */
const named = (beginning: string): string | undefined => first.find((address) => address.startsWith(beginning));

async function readNamed<T>(beginning: string): Promise<T | undefined> {
  const question = named(beginning);
  return question === undefined ? undefined : readFirst<T>(question);
}

async function country({ words, show }: Opening): Promise<void> {
  const data = await attainment();
  if (!data) return;
  const { text, day } = words;
  const sentence = sentences(words);
  const shown = headlines(data.items);
  const deaths = data.items.find((i) => i.definition.id === 'deaths_count');
  const year = String(data.year);
  const closed = shown[0]?.current.as_of;
  show(
    element(
      'div',
      { class: 'glance' },
      element('h1', {}, text(texts.country.title, { year })),
      element('ul', { class: 'sentences' }, ...shown.map((item) => element('li', {}, verdict(words, item.verdict), element('p', {}, sentence(item, deaths))))),
      closed ? element('p', { class: 'quiet dated' }, text(texts.country.closed, { year, day: day(closed) })) : undefined,
    ),
  );
}

async function board({ words, show }: Opening): Promise<void> {
  const title = element('h1', {}, words.text(texts.board.directive));
  const data = await attainment();
  if (data) show(element('div', { class: 'board' }, element('div', { class: 'board-head' }, title, element('p', { class: 'answer' }, answerOfBoard(words, data)))));
}

async function target({ words, show }: Opening): Promise<void> {
  const data = await attainment();
  const head = data && headlines(data.items)[0];
  if (!head) return;
  const { text, name } = words;
  const answer = element(
    'div',
    { class: 'stack' },
    element('h1', {}, name(head.target.name)),
    element('p', { class: 'answer' }, `${text(texts.target.answer, { area: name(head.area.name), year: String(data.year) })} `, verdict(words, head.verdict)),
  );
  show(
    element(
      'div',
      { class: 'target-view' },
      element('a', { class: 'aksel-link', href: '/attainment', inert: '' }, text(texts.target.back)),
      element('div', { class: 'target-top' }, answer),
    ),
  );
}

async function trends({ words, show }: Opening): Promise<void> {
  const data = await readNamed<Schemas['IndicatorSeries']>('/v1/indicators/');
  const from = data?.values[0];
  const to = data?.values.at(-1);
  if (!from || !to || to.value === null) return;
  const { text, name } = words;
  show(
    element(
      'div',
      { class: 'trends' },
      element('h1', {}, text(texts.trends.titleSeries, { measure: name(data.indicator.name), split: '', area: '', span: `${from.period}–${to.period}` })),
      element('aside'),
      element('section', { class: 'figure' }, element('div', { class: 'answer' }, ...wholeAnswer(words, undefined, data).map((sentence) => element('p', {}, sentence)))),
    ),
  );
}

async function missing({ words, me, show }: Opening): Promise<void> {
  const title = element('h1', {}, words.text(texts.missing.title));
  show(element('div', { class: 'missing' }, title));
  const asked = asksFirst(me);
  if (location.search !== '' || !asked) return;
  askFirst(asked.address, asked.purpose);
  const [list, provinces] = await Promise.all([readFirst<Schemas['ObligationList']>(asked.address), readFirst<Schemas['CodeList']>('/v1/codelists/provinces')]);
  if (!list) return;
  const [answer, units] = answerOfMissing(words, list, asked, provinces?.codes);
  show(
    element(
      'div',
      { class: 'missing' },
      title,
      element('div', { class: 'missing-answer' }, element('p', { class: 'answer' }, answer), element('p', { class: 'quiet' }, units)),
    ),
  );
}

async function investigations({ words, show }: Opening): Promise<void> {
  const title = element('h1', {}, words.text(texts.investigations.list));
  show(element('div', { class: 'records' }, title));
  const data = await readNamed<Schemas['InvestigationList']>('/v1/investigations?');
  if (data) show(element('div', { class: 'records' }, title, element('p', { class: 'answer' }, answerOfInvestigations(words, data, false))));
}

async function owed({ words, me, show }: Opening): Promise<void> {
  if (!signedIn(me)) return;
  const { text } = words;
  const head = element('div', { class: 'owed-head' }, element('h1', {}, text(texts.owed.title)));
  show(element('div', { class: 'stack owed' }, head));
  const unit = me.units.length === 1 && me.units[0];
  const question = named('/v1/obligations?');
  if (!unit || !question) return;
  const of = (all: Schemas['Obligation'][] | undefined, answer: HTMLElement) => show(element('div', { class: 'stack owed' }, head, element('p', { class: 'quiet' }, unitSaid(words, unit, all)), answer));
  const data = await readFirst<Schemas['ObligationList']>(question);
  if (!data) {
    if (await isUnknown(question)) of(undefined, element('p', { class: 'owed-said' }, text(texts.owed.notRegistered, { unit })));
    return;
  }
  const { overdue, due, nothing, next } = said(words, data.obligations, data.at);
  const answer = element(
    'p',
    { class: 'owed-said' },
    nothing !== '' && element('span', { class: 'glyph done', 'aria-hidden': 'true' }, '✓ '),
    overdue !== '' && element('strong', { class: 'late' }, element('span', { 'aria-hidden': 'true' }, '▲ '), overdue),
    ` ${nothing} ${due} ${next}`,
  );
  of(data.obligations, answer);
}

/** says is whether the address says something of what the view is of. */
const says = (...names: string[]): boolean => names.some((name) => new URLSearchParams(location.search).has(name));

// Who amends, or goes on with a draft, has answered the first question.
const goesOn = (): boolean => says('draft', 'report', 'step');

async function declaration({ words: { text }, me, show }: Opening): Promise<void> {
  const kind = 'accident_declaration';
  const title = element('h1', {}, text(texts.declaration.title));
  show(title);
  const policy = await readFirst<Schemas['Policy']>('/v1/access/policy');
  const role = policy?.roles.find((r) => r.role === me.role);
  if (goesOn() || filesAs(role, kind, policy?.kinds.find((k) => k.kind === kind)).length === 0) return;
  const question = element(
    'fieldset',
    { class: 'aksel-fieldset aksel-fieldset--medium aksel-radio-group aksel-radio-group--medium' },
    element('legend', { class: 'aksel-fieldset__legend aksel-label' }, text(texts.declaration.first)),
    element('div', { class: 'aksel-fieldset__description aksel-body-short aksel-body-short--medium' }, text(texts.declaration.firstHelp)),
  );
  show(title, element('div', { class: 'sheet first-question' }, element('div', { class: 'fill' }, question)));
}

function annexXII({ words: { text }, me, show }: Opening): void {
  const period = new URLSearchParams(location.search).get('period');
  if (!may(me, 'file') || me.units.length !== 1 || !period || goesOn()) return;
  const head = element(
    'div',
    { class: 'annex-head' },
    element('p', { class: 'quiet' }, `${text(texts.annexXII.title)} · ${text(texts.annexXII.form)}`),
    element('h1', {}, text(texts.annexXII.question)),
    element('p', { class: 'quiet' }, text(texts.annexXII.questionHint)),
  );
  show(element('div', { class: 'form' }, head));
}

/** verdict is that of figures/Verdict.tsx. */
const verdict = ({ text }: Words, of: VerdictWord) =>
  element('span', { class: `verdict ${of}` }, element('span', { class: 'glyph', 'aria-hidden': 'true' }, glyphs[of]), element('span', {}, text(texts.verdicts[of])));
