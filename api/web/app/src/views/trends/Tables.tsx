import '@navikt/ds-css/dist/component/table.css';
import { Table } from '@navikt/ds-react';
import type { ReactNode } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { amount, limitsText, valueText } from './said';
import { periodName, shareText, type Line } from './values';
import texts from './messages';

type Row = Line['points'][number];

export interface Column {
  head: string;
  cell: (row: Row) => ReactNode;
  number?: boolean;
}

/** PointTable has a row for each value, with all that belongs to it. */
export function PointTable({ caption, rows, first, columns, onPick }: { caption: string; rows: Row[]; first: Column; columns: Column[]; onPick: (id: string) => void }) {
  const words = useWords();
  const { text } = words;
  return (
    <Table size="small" className="values">
      <caption className="visually-hidden">{caption}</caption>
      <Table.Header>
        <Table.Row>
          <Table.HeaderCell scope="col">{first.head}</Table.HeaderCell>
          {columns.map((c) => <Table.HeaderCell key={c.head} scope="col" align={c.number ? 'right' : 'left'}>{c.head}</Table.HeaderCell>)}
          <Table.HeaderCell scope="col">{text(texts.details)}</Table.HeaderCell>
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {rows.map((row) => (
          <Table.Row key={row.id} shadeOnHover={false}>
            <Table.HeaderCell scope="row">{first.cell(row)}</Table.HeaderCell>
            {columns.map((c) => <Table.DataCell key={c.head} align={c.number ? 'right' : 'left'}>{c.cell(row)}</Table.DataCell>)}
            <Table.DataCell>
              <button type="button" className="aksel-link cell" aria-label={text(texts.detailsOf, { label: row.label, period: periodName(words, row.figure) })} onClick={() => onPick(row.id)}>{text(texts.details)}</button>
            </Table.DataCell>
          </Table.Row>
        ))}
      </Table.Body>
    </Table>
  );
}

/** useColumns are the columns that every kind of value has. */
export function useColumns(rows: Row[]): Column[] {
  const words = useWords();
  const { text, name, whole } = words;
  const rate = rows.some((r) => r.figure.denominator !== null);
  const unit = name(rows[0]?.figure.unit);
  const columns: Column[] = [
    { head: unit && unit !== '%' ? `${text(texts.value)} (${unit})` : text(texts.value), number: true, cell: (r) => (r.figure.value === null ? <span>– <span className="quiet">{name(r.figure.value_reason)}</span></span> : valueText(words, r.figure)) },
  ];
  if (rows.some((r) => r.figure.interval)) columns.push({ head: text(texts.interval), number: true, cell: (r) => limitsText(words, r.figure) });
  if (rate) {
    columns.push({ head: text(texts.numerator), number: true, cell: (r) => (r.figure.numerator === null ? '–' : amount(words, r.figure.numerator, true)) });
    columns.push({ head: text(texts.denominator), number: true, cell: (r) => (r.figure.denominator === null ? '–' : whole(r.figure.denominator)) });
  }
  return columns;
}

/** useStanding are the columns that say how far a value can be trusted. */
export function useStanding(rows: Row[]): Column[] {
  const words = useWords();
  const { text } = words;
  const columns: Column[] = [];
  if (rows.some((r) => r.figure.coverage)) columns.push({ head: text(texts.coverage), cell: (r) => shareText(words, r.figure.coverage) });
  columns.push({
    head: text(texts.status),
    cell: (r) => `${r.figure.status === 'provisional' ? '○ ' : ''}${text(texts.statuses[r.figure.status as keyof typeof texts.statuses] ?? texts.unknown)}`,
  });
  return columns;
}

/** MatrixTable has a row for each part and a column for each period; a value opens its details. */
export function MatrixTable({ caption, head, lines, onPick }: { caption: string; head: string; lines: Line[]; onPick: (id: string) => void }) {
  const words = useWords();
  const { text } = words;
  const periods = lines[0]?.points ?? [];
  return (
    <Table size="small" className="values matrix">
      <caption className="visually-hidden">{caption}</caption>
      <Table.Header>
        <Table.Row>
          <Table.HeaderCell scope="col">{head}</Table.HeaderCell>
          {periods.map((p) => <Table.HeaderCell key={p.id} scope="col" align="right">{periodName(words, p.figure)}</Table.HeaderCell>)}
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {lines.map((line) => (
          <Table.Row key={line.member} shadeOnHover={false}>
            <Table.HeaderCell scope="row">{line.label}</Table.HeaderCell>
            {line.points.map((p) => (
              <Table.DataCell key={p.id} align="right">
                <button type="button" className="cell" onClick={() => onPick(p.id)} aria-label={`${text(texts.detailsOf, { label: p.label, period: periodName(words, p.figure) })}: ${valueText(words, p.figure, true)}`}>
                  {valueText(words, p.figure)}
                </button>
              </Table.DataCell>
            ))}
          </Table.Row>
        ))}
      </Table.Body>
    </Table>
  );
}
