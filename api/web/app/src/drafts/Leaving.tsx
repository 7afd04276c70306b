import '@navikt/ds-css/dist/component/modal.css';
import { Alert, BodyLong, Button, Checkbox, Modal } from '@navikt/ds-react';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { keptDays } from './store';

/** Leaving asks who signs out what becomes of the drafts that stay behind. */
export function Leaving({ drafts, waiting, onLeave, onStay }: {
  drafts: number;
  /** How many of them wait to be sent. */
  waiting: number;
  onLeave: (shared: boolean) => void;
  onStay: () => void;
}) {
  const { text } = useWords();
  const [shared, setShared] = useState(false);
  return (
    <Modal open onClose={onStay} header={{ heading: text(texts.leaving) }} portal>
      <Modal.Body>
        <BodyLong spacing>{text(texts.left, { n: drafts, days: keptDays })}</BodyLong>
        <Checkbox checked={shared} onChange={(e) => setShared(e.target.checked)}>{text(texts.shared)}</Checkbox>
        {shared && waiting > 0 && <Alert variant="warning">{text(texts.lost, { n: waiting })}</Alert>}
      </Modal.Body>
      <Modal.Footer>
        <Button type="button" onClick={() => onLeave(shared)}>{text(texts.signOut)}</Button>
        <Button type="button" variant="secondary" onClick={onStay}>{text(texts.stay)}</Button>
      </Modal.Footer>
    </Modal>
  );
}
