import type { Myself } from '#/api/may';
import frame from '#/frame/messages';
import { pagesFor } from '#/frame/pages';
import type { Words } from '#/language/words';
import { element } from './element';

/** frameOf is what stands around every view, as frame/Frame.tsx draws it, as far as it is read and not used. */
export function frameOf({ text }: Words, me: Myself, main: HTMLElement): HTMLElement {
  const menu = pagesFor(me).map((page) => element('a', { href: page.to, ...(page.to === location.pathname && { 'aria-current': 'page' }) }, text(page.text)));
  return element(
    'div',
    { class: 'page' },
    element(
      'header',
      // It is drawn again by the page: whoever went into it by keyboard would be thrown out.
      { class: 'top', inert: '' },
      element(
        'div',
        { class: 'bar' },
        element('a', { href: '/', class: 'site' }, element('img', { src: '/icon.svg', alt: '', width: '28', height: '28' }), element('span', {}, text(frame.site))),
        element('nav', { class: 'wide', 'aria-label': text(frame.menu) }, ...menu),
      ),
    ),
    me.demonstration && element('aside', { class: 'demonstration', 'aria-label': text(frame.note) }, text(frame.demonstration)),
    main,
  );
}
