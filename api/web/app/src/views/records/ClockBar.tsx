import { useWords } from '#/language/LanguageProvider';
import { bar, glyphs, limits, scaleOf, usedDays, type Clock } from './clock';
import texts from './messages';

/** ClockState is the glyph, the word and how many days. */
export function ClockState({ clock }: { clock: Clock }) {
  const { text } = useWords();
  const n = Math.abs(clock.days_left);
  const ended = clock.state !== 'running' && clock.state !== 'overdue';
  const days = clock.days_left < 0 ? texts.daysOver : ended ? texts.daysEarly : texts.daysLeft;
  return (
    <span className={`clock-state ${clock.state}`}>
      <span className="glyph" aria-hidden>{glyphs[clock.state]}</span>
      <span>{text(texts.states[clock.state])}{clock.state === 'closed' ? '' : `, ${text(days, { n })}`}</span>
    </span>
  );
}

/** ClockBar shows how much of a limit has gone. What it shows is written beside it. */
export function ClockBar({ clock, ticks }: { clock: Clock; ticks?: boolean }) {
  const { text, day } = useWords();
  const scale = ticks ? Math.max(scaleOf(clock), 66) : scaleOf(clock);
  const { within, beyond, limit } = bar(clock, scale);
  const { used, all } = usedDays(clock);
  return (
    <div className="clock">
      <ClockState clock={clock} />
      <div className={`track ${clock.state}${ticks ? ' ticked' : ''}`} aria-hidden>
        <span className="within" style={{ width: `${within}%` }} />
        <span className="beyond" style={{ left: `${within}%`, width: `${beyond}%` }} />
        <span className="end" style={{ left: `${limit}%` }} />
        {ticks && limits.filter((l) => l <= scale).map((l) => <span key={l} className={l === clock.limit_days ? 'tick its' : 'tick'} style={{ left: `${(l / scale) * 100}%` }}>{l}</span>)}
      </div>
      <p className="quiet">
        {text(texts.limit, { days: clock.limit_days, extension: clock.extension_days })} · {text(texts.used, { used, limit: all })} · {text(texts.dueBy, { day: day(clock.due) })}
      </p>
    </div>
  );
}
