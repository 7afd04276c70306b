import { Alert } from '@navikt/ds-react';
import { useState } from 'react';
import type { Myself } from '#/api/may';
import { useWords } from '#/language/LanguageProvider';
import { useSignIn } from './signIn';
import texts from './messages';

/** Ended says that whoever was signed in no longer is: what he has typed is kept. */
export function Ended({ me }: { me: Myself | undefined }) {
  const { text } = useWords();
  const signIn = useSignIn({ ended: true });
  const [was, setWas] = useState(false);
  const is = me !== undefined && me.role !== 'public';
  if (is && !was) setWas(true);
  if (is || !was || !me) return null;
  return (
    <Alert variant="warning" className="notice" role="status">
      {text(texts.ended)} <a className="aksel-link" href={signIn}>{text(texts.signIn)}</a>
    </Alert>
  );
}
