import { Alert, BodyLong, Button, Checkbox, Modal } from '@navikt/ds-react';
import { useRef, useState, type FormEvent } from 'react';
import { forgetMe } from '#/api/me';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { keptDays, wipeDrafts } from './store';
import { useDrafts } from './useDraft';

/** SignOut ends the session. Who leaves something on the device is asked whether to take it away. */
export function SignOut({ owner }: { owner: string }) {
  const { text, language } = useWords();
  const drafts = useDrafts(owner) ?? [];
  const waiting = drafts.filter((d) => d.state === 'waiting').length;
  const [asking, setAsking] = useState(false);
  const [shared, setShared] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const leave = async () => {
    if (shared) await wipeDrafts(owner);
    forgetMe();
    form.current?.submit();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (drafts.length > 0) setAsking(true);
    else void leave();
  };
  return (
    <form method="post" action="/session/end" className="account" ref={form} onSubmit={submit}>
      <input type="hidden" name="lang" value={language} />
      <button type="submit">{text(texts.signOut)}</button>
      {asking && (
        <Modal open onClose={() => setAsking(false)} header={{ heading: text(texts.leaving) }} portal>
          <Modal.Body>
            <BodyLong spacing>{text(texts.left, { n: drafts.length, days: keptDays })}</BodyLong>
            <Checkbox checked={shared} onChange={(e) => setShared(e.target.checked)}>{text(texts.shared)}</Checkbox>
            {shared && waiting > 0 && <Alert variant="warning">{text(texts.lost, { n: waiting })}</Alert>}
          </Modal.Body>
          <Modal.Footer>
            <Button type="button" onClick={() => void leave()}>{text(texts.signOut)}</Button>
            <Button type="button" variant="secondary" onClick={() => setAsking(false)}>{text(texts.stay)}</Button>
          </Modal.Footer>
        </Modal>
      )}
    </form>
  );
}
