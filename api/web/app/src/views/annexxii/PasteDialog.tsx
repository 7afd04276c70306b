import '@navikt/ds-css/dist/component/modal.css';
import { Alert, Button, Modal } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import { countOf, measures, rowKey } from './measures';
import { useNames } from './names';
import type { Paste } from './paste';
import { written } from './Field';
import texts from './messages';

/** What a paste would change, before it does: cell by cell, and the totals before and after. */
export function PasteDialog({ plan, accept, close }: { plan: Paste; accept: () => void; close: () => void }) {
  const { text, whole } = useWords();
  const { rowName, columnName } = useNames();
  const cell = (c: { row: Paste['changes'][number]['row']; measure: Paste['changes'][number]['measure'] }) => `${c.row.block} ${rowName(c.row)}, ${columnName(c.measure)}`;
  const n = plan.changes.length;
  return (
    <Modal open onClose={close} width="medium" header={{ heading: n > 0 ? text(texts.pasteTitle, { n }) : text(texts.pasteNothing) }}>
      <Modal.Body>
        <div className="stack">
          {plan.refused.length > 0 && (
            <Alert variant="warning">{text(texts.pasteRefused, { cells: plan.refused.map((r) => `${cell(r)} “${r.text}”`).join('; ') })}</Alert>
          )}
          {(plan.rowsOver > 0 || plan.columnsOver > 0) && <Alert variant="warning">{text(texts.pasteOver, { rows: plan.rowsOver, columns: plan.columnsOver })}</Alert>}
          {n > 0 && (
            <>
              <Compared
                caption={text(texts.pasteTotals)}
                lines={measures.filter((m) => countOf(plan.before, m) + countOf(plan.after, m) > 0).map((m) => ({ key: m, name: columnName(m), before: whole(countOf(plan.before, m)), after: whole(countOf(plan.after, m)) }))}
              />
              <Compared
                caption={text(texts.pasteTitle, { n })}
                lines={plan.changes.map((c) => ({ key: `${rowKey(c.row)} ${c.measure}`, name: cell(c), before: written(c.before) || '0', after: written(c.after) || '0' }))}
              />
            </>
          )}
        </div>
      </Modal.Body>
      <Modal.Footer>
        {n > 0 && <Button onClick={accept}>{text(texts.paste)}</Button>}
        <Button variant="secondary" onClick={close}>{text(texts.cancel)}</Button>
      </Modal.Footer>
    </Modal>
  );
}

function Compared({ caption, lines }: { caption: string; lines: { key: string; name: string; before: string; after: string }[] }) {
  const { text } = useWords();
  return (
    <table className="annex-compared">
      <caption>{caption}</caption>
      <thead>
        <tr><th scope="col">{text(texts.pasteCell)}</th><th scope="col" className="number">{text(texts.pasteBefore)}</th><th scope="col" className="number">{text(texts.pasteAfter)}</th></tr>
      </thead>
      <tbody>
        {lines.map((l) => (
          <tr key={l.key}><th scope="row">{l.name}</th><td className="number">{l.before}</td><td className="number">{l.after}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
