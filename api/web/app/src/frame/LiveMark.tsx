import { useRouterState } from '@tanstack/react-router';
import { may, type Myself } from '#/api/may';
import { homeArea, mayWatch } from '#/figures/entitled';
import { useWords } from '#/language/LanguageProvider';
import { clock } from '#/language/numbers';
import { useLive } from './live';
import texts from './messages';
import './frame.css';

/** The views that show what is filed at this moment, and those that show it of some areas only. */
const lists = /^\/(missing|records|reports)(\/|$)/;
const figures = /^\/(attainment|targets|trends)(\/|$)/;

/** Whether a view follows what is filed. Closed figures do not: the moment of others beside them would mislead. */
function follows(me: Myself | undefined, path: string, search: { view?: 'live' | 'closed'; area?: string }): boolean {
  if (lists.test(path)) return may(me, 'read_live');
  if (!figures.test(path) || search.view === 'closed') return false;
  return mayWatch(me, search.area ?? (path.startsWith('/trends') ? 'VN' : homeArea(me)));
}

/** LiveMark says up to when the figures are, as long as they follow what is filed. */
export function LiveMark({ me }: { me: Myself | undefined }) {
  const { text, moment, day } = useWords();
  const shown = useRouterState({ select: (s) => follows(me, s.location.pathname, s.location.search) });
  const { asOf } = useLive(shown);
  if (!asOf) return null;
  const time = day(asOf) === day(new Date()) ? clock(asOf) : moment(asOf);
  return (
    <p className="live-mark">
      <span className="dot" aria-hidden key={asOf} />
      <time dateTime={asOf}>{text(texts.upTo, { time })}</time>
    </p>
  );
}
