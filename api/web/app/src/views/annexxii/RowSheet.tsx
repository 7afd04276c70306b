import { Button } from '@navikt/ds-react';
import { fieldId } from '#/forms/fields';
import { useWords } from '#/language/LanguageProvider';
import { rowsOf } from './annex';
import { useDeclared } from './Declared';
import { Messages, NumberField, readCell, written } from './Field';
import { useAnnexForm } from './form';
import { countOf, type Measure } from './measures';
import { groups, columnText, useNames } from './names';
import { Actions, Tallies } from './Parts';
import { withCell, withoutRow } from './table';
import texts from './messages';

/** One row of table I on a phone. What cannot be is said when the row is left. */
export function RowSheet({ at }: { at: number }) {
  const { text } = useWords();
  const { annex, change, go, leave, within, shown } = useAnnexForm();
  const { rowName } = useNames();
  const table = rowsOf(annex);
  const row = table[at]!;
  const pointer = (m: Measure) => `/content/rows/${at}/${m}`;
  const set = (measure: Measure, cell: ReturnType<typeof readCell>) => change({ ...annex, typed: withCell(annex.typed, row, measure, cell) });
  const wrong = within(`/content/rows/${at}/`).filter((f) => f.severity === 'error');
  const told = wrong.length > 0 && wrong.every((f) => shown(f.pointer ?? '').length > 0);
  const save = () => {
    leave(`/content/rows/${at}`);
    // The first time it is told; whoever has read it may go on all the same.
    if (wrong.length === 0 || told) go('table');
    else document.getElementById(fieldId(wrong[0]!.pointer ?? ''))?.focus();
  };
  return (
    <div className="form annex-row-sheet">
      <div className="annex-head">
        <button type="button" className="annex-back" onClick={() => go('table')}><span aria-hidden>‹ </span>{row.block} {text(texts.stepTable)}</button>
        <h1 id="annex-title" tabIndex={-1}>{rowName(row)}</h1>
        <Tallies table={table} />
      </div>
      <fieldset className="annex-three">
        <legend>{text(texts.groupAccidents)}</legend>
        {groups[0]!.columns.map((m) => (
          <NumberField key={m} label={text(columnText(m))} pointer={pointer(m)} value={row[m]} set={(cell) => set(m, cell)} leaves={false} />
        ))}
      </fieldset>
      <table className="annex-pairs">
        <caption>{text(texts.groupVictims)}</caption>
        <thead>
          <tr><td /><th scope="col">{text(texts.colTotal)}</th><th scope="col">{text(texts.outsideLong)}</th></tr>
        </thead>
        <tbody>
          {groups.slice(1).map((group) => {
            const findings = group.columns.flatMap((m) => shown(pointer(m)));
            const said = `${fieldId(pointer(group.columns[0]))}-said`;
            return [
              <tr key={group.columns[0]}>
                <th scope="row">{text(group.columns[0] === 'victims' ? texts.colTotal : group.text)}</th>
                {group.columns.map((m) => <PairCell key={m} at={at} measure={m} said={said} wrong={shown(pointer(m)).length > 0} set={(cell) => set(m, cell)} />)}
              </tr>,
              findings.length > 0 && (
                <tr key={said}><td colSpan={3} id={said} className="annex-error"><Messages findings={findings} /></td></tr>
              ),
            ];
          })}
        </tbody>
      </table>
      <Actions>
        <Button onClick={save}>{text(texts.saveRow)}</Button>
        {row.code !== undefined && (
          <Button
            variant="tertiary"
            onClick={() => {
              change({ ...annex, typed: withoutRow(annex.typed, row) });
              go('table');
            }}
          >
            {text(texts.removeThisRow)}
          </Button>
        )}
      </Actions>
    </div>
  );
}

function PairCell({ at, measure, said, wrong, set }: { at: number; measure: Measure; said: string; wrong: boolean; set: (cell: ReturnType<typeof readCell>) => void }) {
  const { text, whole } = useWords();
  const { annex } = useAnnexForm();
  const { columnName } = useNames();
  const row = rowsOf(annex)[at]!;
  const declared = useDeclared(row, measure);
  return (
    <td>
      <input
        id={fieldId(`/content/rows/${at}/${measure}`)}
        className="annex-cell"
        inputMode="numeric"
        autoComplete="off"
        aria-label={columnName(measure)}
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? said : undefined}
        value={written(row[measure])}
        onChange={(e) => set(readCell(e.target.value))}
      />
      {declared > 0 && declared !== countOf(row, measure) && <span className="annex-unlike">{text(texts.declaredAs, { n: whole(declared) })}</span>}
    </td>
  );
}
