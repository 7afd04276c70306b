import '@navikt/ds-css/dist/component/modal.css';
import '@navikt/ds-css/dist/component/readmore.css';
import { Alert, Button, Modal, ReadMore } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { rowsOf, toTable } from './annex';
import { useAnnexForm } from './form';
import { gapsOf, type Accident, type Gap } from './matrix';
import { MatrixView } from './MatrixView';
import { useNames } from './names';
import { Actions, PlaceFindings, Title } from './Parts';
import texts from './messages';

const newAccident = (): Accident => ({ id: crypto.randomUUID(), cause: '', factor: '', commuting: false, victims: [{ occupation: '', outside: false }] });

/** The accidents of the period as cards; table I is worked out from them. */
export function AccidentList() {
  const { text } = useWords();
  const { annex, change, go } = useAnnexForm();
  const add = () => {
    change({ ...annex, accidents: [...annex.accidents, newAccident()] });
    go(`accident-${annex.accidents.length}`);
  };
  return (
    <div className="annex-wide">
      <Title hint={text(texts.accidentsHint)}>{text(texts.accidentsTitle)}</Title>
      <PlaceFindings pointers={['/content/rows', '/content/nil']} />
      {annex.accidents.length === 0 && <p>{text(texts.accidentsNone)}</p>}
      <ol className="annex-cards">
        {annex.accidents.map((a, i) => <Card key={a.id} accident={a} at={i} />)}
      </ol>
      <div><Button variant="secondary" onClick={add}>{text(texts.addAccident)}</Button></div>
      {annex.accidents.length > 0 && (
        <ReadMore header={text(texts.computed)}>
          <MatrixView rows={rowsOf(annex)} />
        </ReadMore>
      )}
      <Actions to="damage" back="head" />
      <ToTable />
    </div>
  );
}

const gapTexts: Record<Gap, keyof typeof texts> = { cause: 'gapCause', factor: 'gapFactor', occupation: 'gapOccupation', sex: 'gapSex', severity: 'gapSeverity' };

function Card({ accident, at }: { accident: Accident; at: number }) {
  const { text, day } = useWords();
  const { go } = useAnnexForm();
  const { codeName } = useNames();
  const gaps = gapsOf(accident);
  const count = (severity: string) => accident.victims.filter((v) => v.severity === severity).length;
  return (
    <li className="annex-card">
      <h2>{text(texts.accidentN, { n: at + 1 })}</h2>
      <p className="quiet">{accident.occurredAt ? text(texts.declaredOn, { day: day(accident.occurredAt) }) : text(texts.notDeclared)}</p>
      <p>{accident.commuting ? text(texts.commutingShort) : codeName('1.1', accident.cause)}</p>
      <p>{text(texts.victimsShort, { n: accident.victims.length, dead: count('dead'), serious: count('serious') })}</p>
      {gaps.length > 0 && <p className="annex-gaps">{text(texts.gaps, { what: gaps.map((g) => text(texts[gapTexts[g]])).join(', ') })}</p>}
      <Button variant="secondary" aria-label={text(texts.editAccident, { n: at + 1 })} onClick={() => go(`accident-${at}`)}>{text(texts.edit)}</Button>
    </li>
  );
}

/** The way to the table leads in one direction, and says so before it is taken. */
function ToTable() {
  const { text } = useWords();
  const { annex, change, go } = useAnnexForm();
  const [open, setOpen] = useState(false);
  return (
    <>
      <div><Button variant="tertiary" onClick={() => setOpen(true)}>{text(texts.toTable)}</Button></div>
      <Modal open={open} onClose={() => setOpen(false)} header={{ heading: text(texts.toTableTitle) }}>
        <Modal.Body><Alert variant="warning" inline>{text(texts.toTableText)}</Alert></Modal.Body>
        <Modal.Footer>
          <Button
            onClick={() => {
              setOpen(false);
              change(toTable(annex));
              go('table');
            }}
          >
            {text(texts.toTable)}
          </Button>
          <Button variant="secondary" onClick={() => setOpen(false)}>{text(texts.cancel)}</Button>
        </Modal.Footer>
      </Modal>
    </>
  );
}
