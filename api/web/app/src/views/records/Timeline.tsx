import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import { eventsOf } from './events';
import texts from './messages';

/** Timeline tells what happened when, and what is due: a list, which every screen and reader has room for. */
export function Timeline({ accident }: { accident: Schemas['AccidentCase'] }) {
  const { text, day } = useWords();
  return (
    <ol className="timeline">
      {eventsOf(accident).map((e) => (
        <li key={e.day + e.stage} className={e.stage}>
          <time dateTime={e.day}>{day(e.day)}</time>
          <span>{text(texts.stages[e.stage], { days: e.days ?? 0 })}</span>
        </li>
      ))}
    </ol>
  );
}
