import { Button } from '@navikt/ds-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** Empty says that there is nothing, why, and what to do. */
export function Empty({ reason, chips }: { reason?: Schemas['IndicatorReason'] | null; chips?: ReactNode }) {
  const { text, name } = useWords();
  const navigate = useNavigate();
  return (
    <div className="figure">
      {chips}
      <div className="empty">
        <p><strong>{text(texts.empty)}</strong></p>
        <p>{reason ? name(reason) : text(texts.emptyNext)}</p>
        <Button variant="secondary" onClick={() => void navigate({ to: '/trends', search: {} })}>{text(texts.startAgain)}</Button>
      </div>
    </div>
  );
}
