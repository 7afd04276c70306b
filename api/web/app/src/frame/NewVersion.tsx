import { Button } from '@navikt/ds-react';
import { useEffect, useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import { registerWorker } from './worker';
import './newversion.css';

/** NewVersion offers the new version of the page once it is there; whoever types goes on as he is. */
export function NewVersion() {
  const { text } = useWords();
  const [takeOver, setTakeOver] = useState<() => void>();
  useEffect(() => registerWorker((take) => setTakeOver(() => take)), []);
  if (!takeOver) return null;
  return (
    <div className="new-version" role="status">
      <span>{text(texts.newVersion)}</span>
      <Button size="small" variant="secondary" onClick={takeOver}>{text(texts.reload)}</Button>
    </div>
  );
}
