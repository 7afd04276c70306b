import '@navikt/ds-css/dist/component/readmore.css';
import { Alert, ReadMore } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useWords } from '#/language/LanguageProvider';
import { rowsOf, type Annex } from './annex';
import { useAnnexForm } from './form';
import { countOf, rowKey, type Measure, type Row } from './measures';
import { useNames } from './names';
import { unlikeDeclared, type Unlike } from './table';
import texts from './messages';

/** What the declarations say of a cell; 0 where they say nothing. */
export function useDeclared(row: Row, measure: Measure): number {
  const { annex } = useAnnexForm();
  return countOf(annex.declared?.rows.find((r) => rowKey(r) === rowKey(row)), measure);
}

/** Cells that do not say what was declared: fewer cannot be right, more may be. */
export function Unlikes() {
  const { text } = useWords();
  const { annex } = useAnnexForm();
  if (!annex.declared) return null;
  const { fewer, more } = unlikeDeclared(rowsOf(annex), annex.declared.rows);
  return (
    <>
      {fewer.length > 0 && (
        <Alert variant="warning">
          <h2 className="annex-small">{text(texts.fewerTitle, { n: fewer.length })}</h2>
          <UnlikeList all={fewer} />
        </Alert>
      )}
      {more.length > 0 && (
        <ReadMore header={text(texts.moreTitle, { n: more.length })}>
          <p>{text(texts.moreHint)}</p>
          <UnlikeList all={more} />
        </ReadMore>
      )}
    </>
  );
}

function UnlikeList({ all }: { all: Unlike[] }) {
  const { text, whole } = useWords();
  const { rowName, columnName } = useNames();
  return (
    <ul className="annex-unlikes">
      {all.map((u) => (
        <li key={`${rowKey(u.row)} ${u.measure}`}>
          {text(texts.unlike, { row: `${u.row.block} ${rowName(u.row)}`, column: columnName(u.measure), stated: whole(u.stated), declared: whole(u.declared) })}
        </li>
      ))}
    </ul>
  );
}

/** Where the number of the cell comes from that somebody is in. */
export function Explanation({ of }: { of: { row: Row; measure: Measure } | undefined }) {
  const { text, day } = useWords();
  const { annex } = useAnnexForm();
  const { rowName, columnName } = useNames();
  const declarations = of && annex.declared ? declarationsOf(annex.declared, of) : [];
  if (!annex.declared?.cells.length) return null;
  // Its place is kept, so that nothing moves while somebody goes from cell to cell.
  if (!of || declarations.length === 0) return <p className="annex-explanation" />;
  const dayOf = (id: string) => annex.declared?.cases.find((c) => (c.declarations ?? []).includes(id))?.occurred_at;
  return (
    <p className="annex-explanation">
      <strong>{of.row.block} {rowName(of.row)}, {columnName(of.measure)}.</strong> {text(texts.explains, { n: declarations.length })}{' '}
      {declarations.map((id, i) => {
        const at = dayOf(id);
        return (
          <span key={id}>
            {i > 0 && ', '}
            <Link className="aksel-link" to="/reports/$id" params={{ id }}>{at ? day(at) : id.slice(0, 8)}</Link>
          </span>
        );
      })}
    </p>
  );
}

function declarationsOf(declared: NonNullable<Annex['declared']>, of: { row: Row; measure: Measure }): string[] {
  const at = declared.rows.findIndex((r) => rowKey(r) === rowKey(of.row));
  return declared.cells.find((c) => c.pointer === `/content/rows/${at}/${of.measure}`)?.declarations ?? [];
}
