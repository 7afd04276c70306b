import { Alert, Button } from '@navikt/ds-react';
import { Fragment, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { fieldId } from '#/forms/fields';
import { useWords } from '#/language/LanguageProvider';
import { AddRow } from './AddRow';
import { rowsOf } from './annex';
import { Messages, readCell, written } from './Field';
import { useAnnexForm, useNarrow } from './form';
import { countOf, measures, rowKey, splits, type Measure, type Row, type Split } from './measures';
import { blockTexts, useNames } from './names';
import { Actions, PlaceFindings, RowShort, Scroll, Tallies, TallyText, Title } from './Parts';
import { planPaste, readSheet, type Paste } from './paste';
import { PasteDialog } from './PasteDialog';
import { isComputed, tallyOf, withCell, withoutRow } from './table';
import { TableHead } from './TableHead';
import { Explanation, Unlikes, useDeclared } from './Declared';
import texts from './messages';

/** Table I to type in: a table on a desk, a list of rows on a phone. */
export function Table() {
  const { text } = useWords();
  const narrow = useNarrow();
  return (
    <div className="annex-wide">
      <Title hint={text(narrow ? texts.tableHintNarrow : texts.tableHint)}>{text(texts.tableTitle)}</Title>
      <PlaceFindings pointers={['/content/rows', '/content/nil']} />
      <Unlikes />
      {narrow ? <RowList /> : <Grid />}
      <Actions to="damage" back="head" />
    </div>
  );
}

const starts = new Set<Measure>(['accidents', 'victims', 'women', 'deaths', 'serious']);
const cellId = (index: number, measure: Measure) => fieldId(`/content/rows/${index}/${measure}`);

function Grid() {
  const { text } = useWords();
  const { annex, change, goTo } = useAnnexForm();
  const [focused, setFocused] = useState<{ row: Row; measure: Measure }>();
  const [plan, setPlan] = useState<Paste>();
  const [undo, setUndo] = useState<{ typed: Row[]; n: number }>();
  const table = rowsOf(annex);
  const indexed = table.map((row, index) => ({ row, index }));
  const lines = (block: Row['block']) => indexed.filter((l) => l.row.block === block);
  const line = ({ row, index }: { row: Row; index: number }) => (
    <Line
      key={rowKey(row)}
      row={row}
      index={index}
      table={table}
      focus={(measure) => setFocused({ row, measure })}
      paste={(measure, sheet) => setPlan(planPaste(annex.typed, { row, measure }, sheet))}
    />
  );
  return (
    <>
      <Scroll label={text(texts.tableTitle)} className="annex-sheet">
        <table className="annex-table">
          <TableHead />
          <tbody>{lines('1').map(line)}</tbody>
          {splits.map((block) => (
            <tbody key={block}>
              <BlockHead block={block} table={table} />
              {lines(block).map(line)}
              <tr className="annex-add-row">
                <td colSpan={measures.length + 1}><AddRow block={block} added={(i) => goTo(`/content/rows/${i}/accidents`)} /></td>
              </tr>
            </tbody>
          ))}
          <tbody>{[...lines('2'), ...lines('3')].map(line)}</tbody>
        </table>
      </Scroll>
      <Explanation of={focused} />
      <div role="status">
        {undo && (
          <Alert variant="success" size="small">
            {text(texts.pasted, { n: undo.n })}{' '}
            <Button
              size="small"
              variant="secondary"
              onClick={() => {
                change({ ...annex, typed: undo.typed });
                setUndo(undefined);
              }}
            >
              {text(texts.undo)}
            </Button>
          </Alert>
        )}
      </div>
      {plan && (
        <PasteDialog
          plan={plan}
          close={() => setPlan(undefined)}
          accept={() => {
            setUndo({ typed: annex.typed, n: plan.changes.length });
            change({ ...annex, typed: plan.typed });
            setPlan(undefined);
          }}
        />
      )}
    </>
  );
}

function BlockHead({ block, table }: { block: Split; table: readonly Row[] }) {
  const { text } = useWords();
  return (
    <tr className="annex-block-head">
      <th colSpan={measures.length + 1} scope="rowgroup">
        <span className="annex-stuck">
          <span className="annex-block">{block}</span> {text(blockTexts[block])} <TallyText tally={tallyOf(table, block)} />
        </span>
      </th>
    </tr>
  );
}

interface LineProps {
  row: Row;
  index: number;
  table: readonly Row[];
  focus: (measure: Measure) => void;
  paste: (measure: Measure, sheet: string[][]) => void;
}

function Line({ row, index, table, focus, paste }: LineProps) {
  const { text } = useWords();
  const { annex, change, leave, shown } = useAnnexForm();
  const { rowName } = useNames();
  const computed = isComputed(row);
  const name = rowName(row);
  const findings = measures.flatMap((m) => shown(`/content/rows/${index}/${m}`)).concat(shown(`/content/rows/${index}/code`), shown(`/content/rows/${index}/block`));
  return (
    <Fragment>
      <tr
        className={computed ? 'sum' : undefined}
        onBlur={(e) => {
          if (!computed && !e.currentTarget.contains(e.relatedTarget)) leave(`/content/rows/${index}`);
        }}
      >
        <th scope="row" className="first">
          <span className="annex-row-name">
            <span>
              <span className="annex-block">{row.block}</span> {name}
              {row.block === '1' && <span className="quiet annex-note">{text(texts.row1Sum)}</span>}
            </span>
            {row.code !== undefined && (
              <button type="button" className="annex-remove" aria-label={text(texts.removeRow, { row: name })} onClick={() => change({ ...annex, typed: withoutRow(annex.typed, row) })}>
                <span aria-hidden>✕</span>
              </button>
            )}
          </span>
        </th>
        {measures.map((measure) =>
          computed ? (
            <Sum key={measure} row={row} index={index} measure={measure} wrong={shown(`/content/rows/${index}/${measure}`).length > 0} />
          ) : (
            <NumberCell key={measure} row={row} index={index} measure={measure} table={table} focus={() => focus(measure)} paste={(sheet) => paste(measure, sheet)} />
          ),
        )}
      </tr>
      {findings.length > 0 && (
        <tr className="annex-findings">
          <td colSpan={measures.length + 1} id={`${fieldId(`/content/rows/${index}`)}-said`}>
            <span className="annex-stuck annex-error"><Messages findings={findings} /></span>
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Sum({ row, index, measure, wrong }: { row: Row; index: number; measure: Measure; wrong: boolean }) {
  const { whole } = useWords();
  return (
    <td className={starts.has(measure) ? 'starts' : undefined}>
      <span id={cellId(index, measure)} tabIndex={-1} className={wrong ? 'annex-total wrong' : 'annex-total'}>{whole(countOf(row, measure))}</span>
    </td>
  );
}

interface CellProps {
  row: Row;
  index: number;
  measure: Measure;
  table: readonly Row[];
  focus: () => void;
  paste: (sheet: string[][]) => void;
}

function NumberCell({ row, index, measure, table, focus, paste }: CellProps) {
  const { text, whole } = useWords();
  const { annex, change, shown } = useAnnexForm();
  const { rowName, columnName } = useNames();
  const declared = useDeclared(row, measure);
  const wrong = shown(`/content/rows/${index}/${measure}`).length > 0;
  const unlike = declared > 0 && declared !== countOf(row, measure);
  const move = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === 'Enter' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    focusLine(table, index, step, measure);
  };
  const pasted = (event: ClipboardEvent) => {
    const sheet = readSheet(event.clipboardData.getData('text/plain'));
    if (sheet.length === 1 && sheet[0]!.length === 1) return;
    event.preventDefault();
    paste(sheet);
  };
  return (
    <td className={starts.has(measure) ? 'starts' : undefined}>
      <input
        id={cellId(index, measure)}
        className={unlike ? 'annex-cell unlike' : 'annex-cell'}
        inputMode="numeric"
        autoComplete="off"
        aria-label={`${row.block} ${rowName(row)}: ${columnName(measure)}`}
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? `${fieldId(`/content/rows/${index}`)}-said` : undefined}
        value={written(row[measure])}
        onChange={(e) => change({ ...annex, typed: withCell(annex.typed, row, measure, readCell(e.target.value)) })}
        onKeyDown={move}
        onFocus={focus}
        onPaste={pasted}
      />
      {unlike && <span className="annex-unlike">{text(texts.declaredAs, { n: whole(declared) })}</span>}
    </td>
  );
}

/** The same column of the next row that can be typed in; at the end one stays. */
function focusLine(table: readonly Row[], from: number, step: 1 | -1, measure: Measure): void {
  for (let i = from + step; i >= 0 && i < table.length; i += step) {
    if (isComputed(table[i]!)) continue;
    const cell = document.getElementById(cellId(i, measure));
    if (cell instanceof HTMLInputElement) {
      cell.focus();
      cell.select();
    }
    return;
  }
}

/** On a phone a row is a line that opens a sheet of its own. */
function RowList() {
  const { text } = useWords();
  const { annex, go } = useAnnexForm();
  const table = rowsOf(annex);
  const indexed = table.map((row, index) => ({ row, index }));
  const open = (index: number) => go(`row-${index}`);
  return (
    <>
      <Tallies table={table} />
      <div className="annex-list">
        <Rows lines={indexed.filter((l) => l.row.block === '1')} open={open} />
        {splits.map((block) => (
          <section key={block} aria-label={`${block} ${text(blockTexts[block])}`}>
            <h2><span className="annex-block">{block}</span> {text(blockTexts[block])}</h2>
            <Rows lines={indexed.filter((l) => l.row.block === block)} open={open} />
            <AddRow block={block} added={open} />
          </section>
        ))}
        <Rows lines={indexed.filter((l) => l.row.block === '2' || l.row.block === '3')} open={open} />
      </div>
    </>
  );
}

function Rows({ lines, open }: { lines: { row: Row; index: number }[]; open: (index: number) => void }) {
  const { rowName } = useNames();
  const { shown } = useAnnexForm();
  if (lines.length === 0) return null;
  return (
    <ul className="annex-rows">
      {lines.map(({ row, index }) => {
        const findings = measures.flatMap((m) => shown(`/content/rows/${index}/${m}`)).concat(shown(`/content/rows/${index}/code`));
        const said = (
          <>
            <span>{!row.block.includes('.') && <span className="annex-block">{row.block}</span>} {rowName(row)}</span>
            <span className="quiet"><RowShort row={row} /></span>
          </>
        );
        return (
          <li key={rowKey(row)}>
            {isComputed(row) ? <div className="annex-row sum">{said}</div> : <button type="button" className="annex-row" onClick={() => open(index)}>{said}</button>}
            {findings.length > 0 && (
              <div className="annex-error">
                {findings.map((f) => (
                  <div key={`${f.code} ${f.pointer}`} id={isComputed(row) ? fieldId(f.pointer ?? '') : undefined} tabIndex={-1}><Messages findings={[f]} /></div>
                ))}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
