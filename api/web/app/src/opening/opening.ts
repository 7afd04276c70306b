import '../styles/font.css';
import '../styles/kit.css';
import '../styles/page.css';
import './opening.css';
import { askFirst, first, readFirst } from '#/api/first';
import type { Myself } from '#/api/may';
import { firstLanguage, keepLanguage, wordsIn } from '#/language/words';
import { element } from './element';
import { frameOf } from './frame';
import { openView } from './views';

// A phone takes a second or two to load and run the page. What its view says first, a title and an answer, is small,
// is here before, and is drawn at once, where and as the view draws it itself; the view then takes its place.

const whoIsHere = '/v1/access/me';

/** A wall screen is loaded once a day. */
const wall = new URLSearchParams(location.search).has('wall');
if (!wall) void open();
void import('../main');

async function open(): Promise<void> {
  const language = firstLanguage();
  keepLanguage(language);
  const words = wordsIn(language);
  // A document that was kept on the device names nothing; who is here has to be known all the same.
  for (const address of first.includes(whoIsHere) ? first : [whoIsHere, ...first]) askFirst(address);
  const me = await readFirst<Myself>(whoIsHere);
  if (!me) return;
  const main = element('main', { id: 'main', 'aria-busy': 'true' });
  const frame = frameOf(words, me, main);
  const page = document.getElementById('page')!;
  const show = (...view: HTMLElement[]) => {
    main.replaceChildren(...view);
    // Once the page is there it is not drawn over.
    if (page.childElementCount === 0) page.append(frame);
  };
  await openView({ words, me, show, path: location.pathname });
}
