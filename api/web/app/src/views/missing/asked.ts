import { may, type Myself } from '#/api/may';
import { homeArea } from '#/figures/entitled';
import { duePeriod } from './period';

/** What is asked first, if an address names nothing: who in one's own province has not reported for what fell due last. */
export function first(me: Myself | undefined) {
  const home = homeArea(me);
  return { province: home === 'VN' ? '34:01' : home, period: duePeriod(new Date()), state: ['missing' as const], purpose: 'operation' as const };
}

/** How many units a page of the list has. */
export const pageLength = 50;

/** asksFirst is that as the client asks it, undefined for whom it is not. */
export function asksFirst(me: Myself | undefined): { address: string; purpose: string; province: string; period: string } | undefined {
  if (!may(me, 'read_obligations')) return undefined;
  const { province, period, state, purpose } = first(me);
  const query = new URLSearchParams({ province, period, state: state.join(), limit: String(pageLength) });
  return { address: `/v1/obligations?${query}`, purpose, province, period };
}
