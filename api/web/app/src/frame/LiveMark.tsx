import { useRouterState } from '@tanstack/react-router';
import { may, type Myself } from '#/api/me';
import { useWords } from '#/language/LanguageProvider';
import { clock } from '#/language/numbers';
import { useLive } from './live';
import texts from './messages';
import './frame.css';

/** The views that show figures of this moment to who may see them. */
const views = /^\/(attainment|targets|missing|trends|records|reports)?(\/|$)/;

/** LiveMark says up to when the figures are, as long as they follow what is filed. */
export function LiveMark({ me }: { me: Myself | undefined }) {
  const { text, moment, day } = useWords();
  const shown = useRouterState({ select: (s) => views.test(s.location.pathname) });
  const { asOf } = useLive(shown && may(me, 'read_live'));
  if (!asOf) return null;
  const time = day(asOf) === day(new Date()) ? clock(asOf) : moment(asOf);
  return (
    <p className="live-mark">
      <span className="dot" aria-hidden key={asOf} />
      <time dateTime={asOf}>{text(texts.upTo, { time })}</time>
    </p>
  );
}
