import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWide } from '#/figures/useWide';
import { useWords } from '#/language/LanguageProvider';
import { FormLink } from '#/views/reports/FormLink';
import { useNames } from '#/views/reports/useNames';
import { dayIn, daysBetween, grouped, lastDay, type Obligation } from './groups';
import texts from './messages';
import { inTime, said } from './said';

/** Duties are what one unit owes, by what has to be done about it. */
export function Duties({ all, at }: { all: Obligation[]; at: string }) {
  const { text } = useWords();
  const today = dayIn(at);
  const groups = grouped(all, today);
  // Where there is room what comes next stands beside what is due.
  const wide = useWide();
  return (
    <>
      <Answer all={all} at={at} />
      <div className="owed-duties">
        <div className="stack">
          {groups.overdue.length > 0 && <Group title={text(texts.overdue)} of={groups.overdue} today={today} />}
          {groups.due.length > 0 && <Group title={text(texts.due)} of={groups.due} today={today} />}
        </div>
        <div className="stack">
          {groups.coming.length > 0 && <Folded title={text(texts.coming, { n: groups.coming.length })} of={groups.coming} today={today} open={wide} />}
          {groups.done.length > 0 && <Folded title={text(texts.done, { n: groups.done.length })} of={groups.done} today={today} />}
          {groups.elsewhere.length > 0 && (
            <Folded title={text(texts.elsewhere, { n: groups.elsewhere.length })} of={groups.elsewhere} today={today}>
              <p className="quiet">{text(texts.elsewhereSaid)}</p>
            </Folded>
          )}
        </div>
      </div>
    </>
  );
}

// The answer, before any list.
function Answer({ all, at }: { all: Obligation[]; at: string }) {
  const { overdue, due, nothing, next } = said(useWords(), all, at);
  return (
    <p className="owed-said">
      {nothing && <span className="glyph done" aria-hidden>✓ </span>}
      {overdue && <strong className="late"><span aria-hidden>▲ </span>{overdue}</strong>} {nothing} {due} {next}
    </p>
  );
}

function Group({ title, of, today }: { title: string; of: Obligation[]; today: string }) {
  return (
    <section className="owed-group">
      <h2>{title}</h2>
      <Rows of={of} today={today} />
    </section>
  );
}

function Folded({ title, of, today, open, children }: { title: string; of: Obligation[]; today: string; open?: boolean; children?: ReactNode }) {
  return (
    <details className="owed-folded" open={open}>
      <summary>{title}</summary>
      {children}
      <Rows of={of} today={today} />
    </details>
  );
}

function Rows({ of, today }: { of: Obligation[]; today: string }) {
  return (
    <ul className="rows">
      {of.map((o) => (
        <li key={`${o.obligation} ${o.period}`}>
          <Row of={o} today={today} />
        </li>
      ))}
    </ul>
  );
}

/** The whole row leads to where something can be done about it: the form, or what was filed. */
function Row({ of, today }: { of: Obligation; today: string }) {
  const { name } = useWords();
  const { periodName } = useNames();
  const inside = (
    <>
      <span className="row-name">{name(of)}</span>
      <span>{periodName(of.period)}</span>
      <Standing of={of} today={today} />
    </>
  );
  if (of.state === 'elsewhere' || of.kind === undefined) return <div className="row-plain">{inside}</div>;
  if (of.filed_at) return <Link to="/reports" search={{ kind: of.kind, period: of.period, unit: of.state === 'replaced' ? of.reported_by : of.unit }} className="row-link">{inside}</Link>;
  if (of.state === 'exempt' || lastDay(of.period) >= today) return <div className="row-plain">{inside}</div>;
  return <FormLink kind={of.kind} search={{ period: of.period, unit: of.unit }} className="row-link">{inside}</FormLink>;
}

function Standing({ of, today }: { of: Obligation; today: string }) {
  const { text, moment, name } = useWords();
  const { deadline } = useDeadline();
  switch (of.state) {
    case 'missing':
      return (
        <>
          <Mark kind="late" glyph="▲">{text(texts.daysOver, { n: daysBetween(of.due_by ?? today, today) })}</Mark>
          <span className="quiet">{deadline(of)}</span>
        </>
      );
    case 'filed':
      return <Mark kind="done" glyph="✓">{of.filed_at ? text(texts.filed, { at: moment(of.filed_at) }) : ''}</Mark>;
    case 'late':
      return <Mark kind="late" glyph="✓">{of.filed_at ? text(texts.late, { at: moment(of.filed_at) }) : ''}</Mark>;
    case 'replaced':
      return <Mark kind="done" glyph="✓">{text(texts.replaced, { by: of.reported_by ?? '–' })}</Mark>;
    case 'exempt':
      return <Mark kind="done" glyph="–">{text(texts.exempt)}</Mark>;
    case 'elsewhere':
      return (
        <span className="quiet">
          {deadline(of)}. {text(texts.to, { who: name({ vi: of.recipient_vi, en: of.recipient_en }) })}
        </span>
      );
    default:
      return <Ahead of={of} today={today} />;
  }
}

function Ahead({ of, today }: { of: Obligation; today: string }) {
  const { text, day } = useWords();
  const { deadline } = useDeadline();
  const left = of.due_by ? daysBetween(today, of.due_by) : undefined;
  const last = lastDay(of.period);
  return (
    <>
      {last >= today ? (
        <span className="quiet">{text(texts.openFrom, { d: day(last) })}</span>
      ) : (
        left !== undefined && <Mark kind="due" glyph="○">{left === 0 ? text(texts.lastDay) : text(texts.daysLeft, { n: left })}</Mark>
      )}
      <span className="quiet">{deadline(of)}</span>
    </>
  );
}

function Mark({ kind, glyph, children }: { kind: 'late' | 'due' | 'done'; glyph: string; children: ReactNode }) {
  return (
    <span className={`mark ${kind}`}>
      <span aria-hidden>{glyph} </span>
      {children}
    </span>
  );
}

/** The last day in time, in the words of the law. */
function useDeadline() {
  const words = useWords();
  const { text, day } = words;
  const deadline = (of: Obligation): string => {
    if (!of.due_by) return text(texts.undated);
    return of.extended_to ? text(texts.extended, { last: day(of.extended_to) }) : text(texts.before, inTime(words, of.due_by));
  };
  return { deadline };
}
