import type { Myself } from '#/api/may';

/** Whether somebody may watch an area live; the API decides, the page only does not offer what would be refused. */
export function mayWatch(me: Myself | undefined, area: string): boolean {
  const extent = me?.may?.read_live ?? '-';
  if (!me || extent === '-') return false;
  return me.nation || extent === 'all' || (me.provinces ?? []).some((p) => `${p.list}:${p.code}` === area);
}

/** The area that somebody is there for: his province, or the nation. */
export function homeArea(me: Myself | undefined): string {
  if (!me || me.nation) return 'VN';
  const own = (me.provinces ?? []).find((p) => p.list === '34');
  return own ? `${own.list}:${own.code}` : 'VN';
}
