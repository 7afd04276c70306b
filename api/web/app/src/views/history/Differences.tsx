import '@navikt/ds-css/dist/component/table.css';
import { Select, Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { answer, api, type Schemas } from '#/api/client';
import { useDictionary, type Field } from '#/api/dictionary';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { stepsTo } from './places';
import { Value } from './Value';

type Change = Schemas['DiffChange'];

interface Compared {
  report: string;
  kind: string;
  from: number;
  to: number;
  /** Why personal data are opened, for those who have to say so. */
  purpose?: string;
}

/** Differences shows what changed between two revisions, item by item. */
export function Differences({ of, revisions }: { of: Compared; revisions: number[] }) {
  const { text } = useWords();
  const query = useQuery({
    queryKey: ['diff', of],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/reports/{id}/diff', { params: { path: { id: of.report }, query: { from: of.from, to: of.to }, header: { 'Access-Purpose': of.purpose } }, signal })),
  });
  return (
    <section className="stack" aria-labelledby="differences">
      <h2 id="differences">{text(texts.changes)}</h2>
      {revisions.length > 2 && <Choice of={of} revisions={revisions} />}
      <Answered of={query} height={200}>{(diff) => <Changes changes={diff.changes ?? []} notes={diff.notes ?? []} of={of} />}</Answered>
    </section>
  );
}

function Choice({ of, revisions }: { of: Compared; revisions: number[] }) {
  const { text } = useWords();
  const navigate = useNavigate({ from: '/reports/$id' });
  const choose = (change: { from?: number; to?: number }) => void navigate({ search: { from: of.from, to: of.to, ...change }, replace: true });
  return (
    <div className="row">
      <Select label={text(texts.from)} size="small" value={of.from} onChange={(e) => choose({ from: Number(e.target.value) })}>
        {revisions.filter((n) => n < of.to).map((n) => <option key={n} value={n}>{n}</option>)}
      </Select>
      <Select label={text(texts.to)} size="small" value={of.to} onChange={(e) => choose({ to: Number(e.target.value) })}>
        {revisions.filter((n) => n > of.from).map((n) => <option key={n} value={n}>{n}</option>)}
      </Select>
    </div>
  );
}

function Changes({ changes, notes, of }: { changes: Change[]; notes: Schemas['ReportFinding'][]; of: Compared }) {
  const { text, pick } = useWords();
  const fields = useDictionary().data?.fields ?? [];
  // Rows are called by their own numbers, which stand in the submissions.
  const inRows = changes.some((c) => c.pointer.includes('/rows/'));
  const older = useSubmission(of, of.from, inRows);
  const newer = useSubmission(of, of.to, inRows);
  const naming = { kind: of.kind, fields };
  return (
    <>
      {notes.map((n) => <p key={n.code} className="quiet">{pick(n.message_vi, n.message)}</p>)}
      <p>{text(changes.length === 0 ? texts.same : texts.changed, { n: changes.length, from: of.from, to: of.to })}</p>
      {changes.length > 0 && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls is reached by keyboard
        <div className="scroll" tabIndex={0} role="region" aria-label={text(texts.table)}>
          <Table size="small" className="differences">
            <Table.Header>
              <Table.Row>
                <Table.HeaderCell scope="col">{text(texts.field)}</Table.HeaderCell>
                <Table.HeaderCell scope="col">{text(texts.before, { n: of.from })}</Table.HeaderCell>
                <Table.HeaderCell scope="col">{text(texts.after, { n: of.to })}</Table.HeaderCell>
              </Table.Row>
            </Table.Header>
            <Table.Body>
              {changes.map((c) => (
                <Table.Row key={`${c.op} ${c.pointer}`}>
                  <Table.HeaderCell scope="row"><Place change={c} kind={of.kind} fields={fields} document={c.op === 'remove' ? older : newer} /></Table.HeaderCell>
                  <Table.DataCell className="before" data-label={text(texts.before, { n: of.from })}><Value value={c.old} pointer={c.old_pointer ?? c.pointer} naming={naming} /></Table.DataCell>
                  <Table.DataCell className="after" data-label={text(texts.after, { n: of.to })}><Value value={c.new} pointer={c.pointer} naming={naming} /></Table.DataCell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
    </>
  );
}

function useSubmission(of: Compared, revision: number, wanted: boolean): unknown {
  return useQuery({
    queryKey: ['revision', of.report, revision, of.purpose],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/reports/{id}/revisions/{revision}', { params: { path: { id: of.report, revision }, header: { 'Access-Purpose': of.purpose } }, signal })),
    enabled: wanted,
    staleTime: Infinity,
  }).data?.submission;
}

function Place({ change, kind, fields, document }: { change: Change; kind: string; fields: Field[]; document: unknown }) {
  const { text, pick } = useWords();
  const words = stepsTo(change.pointer, kind, fields, document).map(({ field, name, nth, row }) => {
    const what = field ? pick(field.meaning_vi, field.meaning) : name;
    if (row !== undefined) return text(texts.row, { what, row });
    return nth === undefined ? what : text(texts.nth, { what, n: nth });
  });
  return (
    <>
      {words.length > 1 && <span className="quiet place-in">{words.slice(0, -1).join(' › ')}</span>}
      <span>{words.at(-1)}</span>
    </>
  );
}
