import { lazy, Suspense, useRef, useState, type FormEvent } from 'react';
import { forgetMe } from '#/api/me';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { wipeDrafts } from './store';
import { useDrafts } from './useDraft';

// The frame has this button on every view; the dialog, and what it is built of, only who needs it.
const Leaving = lazy(async () => ({ default: (await import('./Leaving')).Leaving }));

/** SignOut ends the session. Who leaves something on the device is asked whether to take it away. */
export function SignOut({ owner }: { owner: string }) {
  const { text, language } = useWords();
  const drafts = useDrafts(owner) ?? [];
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const leave = async (shared: boolean) => {
    if (shared) await wipeDrafts(owner);
    forgetMe();
    form.current?.submit();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (drafts.length > 0) setAsking(true);
    else void leave(false);
  };
  return (
    <form method="post" action="/session/end" className="account" ref={form} onSubmit={submit}>
      <input type="hidden" name="lang" value={language} />
      <button type="submit">{text(texts.signOut)}</button>
      {asking && (
        <Suspense>
          <Leaving drafts={drafts.length} waiting={drafts.filter((d) => d.state === 'waiting').length} onLeave={(shared) => void leave(shared)} onStay={() => setAsking(false)} />
        </Suspense>
      )}
    </form>
  );
}
