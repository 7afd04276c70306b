import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import { daysOver } from './period';
import type { State } from './questions';
import texts from './messages';

const glyphs: Record<State, string> = { missing: '✕', late: '▲', extended: '○', due: '○', undated: '–', filed: '✓', replaced: '✓', exempt: '⊘', elsewhere: '–' };

/** Units is the list: a table, and cards where there is no room for one. */
export function Units({ list }: { list: Schemas['ObligationList'] }) {
  const { text } = useWords();
  // What is the same in every card of a phone is said above them once.
  const same = (of: (o: Schemas['Obligation']) => string) => new Set(list.obligations.map(of)).size === 1;
  const alike = [same((o) => o.obligation) && 'one-report', same((o) => o.state) && 'one-state'].filter(Boolean).join(' ');
  return (
    <table className={`plain-table units cards-on-phone ${alike}`} aria-label={text(texts.list)}>
      <thead>
        <tr>
          <th scope="col">{text(texts.unit)}</th>
          <th scope="col">{text(texts.report)}</th>
          <th scope="col">{text(texts.deadline)}</th>
          <th scope="col">{text(texts.state)}</th>
          <th scope="col">{text(texts.phone)}</th>
        </tr>
      </thead>
      <tbody>
        {list.obligations.map((o) => <Unit key={`${o.unit} ${o.obligation} ${o.period}`} of={o} at={list.at} />)}
      </tbody>
    </table>
  );
}

function Unit({ of, at }: { of: Schemas['Obligation']; at: string }) {
  const { text, name, day } = useWords();
  const over = of.due_by && of.state === 'missing' ? daysOver(of.due_by, at) : 0;
  return (
    <tr>
      <th scope="row">
        {of.name ?? text(texts.noName)}
        <span className="quiet line">{of.tax_code ? text(texts.taxCode, { code: of.tax_code }) : of.unit}</span>
      </th>
      <td className="report">{name(of)}</td>
      <td data-label={text(texts.deadline)}>
        {of.due_by ? text(texts.before, { day: day(of.due_by) }) : '–'}
        {over > 0 && <strong className="line over">{text(texts.overdue, { days: over })}</strong>}
        {of.filed_at && <span className="quiet line">{text(texts.filedAt, { day: day(of.filed_at) })}</span>}
      </td>
      <td className="standing">
        <span className={`state ${of.state}`}>
          <span aria-hidden>{glyphs[of.state]}</span> {text(texts[of.state])}
        </span>
      </td>
      <td>{of.phone ? <a className="aksel-link" href={`tel:${of.phone.replaceAll(' ', '')}`}>{of.phone}</a> : '–'}</td>
    </tr>
  );
}
