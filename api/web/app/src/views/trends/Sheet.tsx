import '@navikt/ds-css/dist/component/modal.css';
import { Button, Modal } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import { Controls, type Choice } from './Controls';
import texts from './messages';

/** Sheet holds the question on a phone, over its answer. */
export function Sheet({ open, onClose, ...choice }: Choice & { open: boolean; onClose: () => void }) {
  const { text } = useWords();
  return (
    <Modal open={open} onClose={onClose} header={{ heading: text(texts.controls) }} className="sheet" closeOnBackdropClick>
      <Modal.Body><Controls {...choice} /></Modal.Body>
      <Modal.Footer><Button onClick={onClose}>{text(texts.done)}</Button></Modal.Footer>
    </Modal>
  );
}
