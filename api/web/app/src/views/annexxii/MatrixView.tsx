import { useWords } from '#/language/LanguageProvider';
import { countOf, measures, rowKey, type Row } from './measures';
import { TableHead } from './TableHead';
import { useNames } from './names';
import { Scroll } from './Parts';
import texts from './messages';

/** Table I to read, as the legal form has it. */
export function MatrixView({ rows }: { rows: readonly Row[] }) {
  const { text, whole } = useWords();
  const { rowName } = useNames();
  return (
    <Scroll label={text(texts.tableTitle)}>
      <table className="annex-table reading">
        <TableHead />
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={row.block.includes('.') ? undefined : 'sum'}>
              <th scope="row"><span className="annex-block">{row.block}</span> {rowName(row)}</th>
              {measures.map((m) => <td key={m}>{typeof row[m] === 'string' ? row[m] : whole(countOf(row, m))}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
