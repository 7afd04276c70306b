import { may, type Myself } from '#/api/may';
import type { Text } from '#/language/text';
import texts from './messages';

/** A place that the menu leads to. */
export interface Page {
  to: '/' | '/owed' | '/attainment' | '/missing' | '/trends' | '/records' | '/reports' | '/verify';
  text: Text;
}

/** What somebody is offered, the most used first: who files sees what is owed, who watches the board. */
export function pagesFor(me: Myself | undefined): Page[] {
  const pages: Page[] = [];
  const files = may(me, 'file') && !may(me, 'read_live');
  if (files) pages.push({ to: '/owed', text: texts.owed }, { to: '/reports', text: texts.reports });
  if (!files) pages.push({ to: '/', text: texts.home });
  pages.push({ to: '/attainment', text: texts.attainment }, { to: '/trends', text: texts.trends });
  if (may(me, 'read_obligations') && !files) pages.push({ to: '/missing', text: texts.missing });
  if (may(me, 'read_cases')) pages.push({ to: '/records', text: texts.records });
  if (may(me, 'read_reports') && !files) pages.push({ to: '/reports', text: texts.reports });
  if (pages.length < 4) pages.push({ to: '/verify', text: texts.verify });
  return pages;
}
