import { ArrowUndoIcon } from '@navikt/aksel-icons';
import '@navikt/ds-css/dist/component/copybutton.css';
import { CopyButton } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import { useNames } from '#/views/reports/useNames';
import texts from './messages';
import type { Status } from './useStatus';

interface Said {
  tracking: string;
  kind: string;
  revision: number;
  receivedAt: string;
  digest?: string;
}

/** Facts are what a receipt says, and how the report stands now. */
export function Facts({ said, status }: { said: Said; status: Status | undefined }) {
  const { text, moment } = useWords();
  const { kindName } = useNames();
  return (
    <dl className="facts">
      <dt>{text(texts.number)}</dt>
      <dd className="tracking">
        <strong>{said.tracking}</strong>
        <CopyButton size="small" copyText={said.tracking} text={text(texts.copy)} activeText={text(texts.copied)} />
      </dd>
      <dt>{text(texts.time)}</dt>
      <dd>{moment(said.receivedAt)}</dd>
      <dt>{text(texts.kind)}</dt>
      <dd>{kindName(said.kind)}</dd>
      <dt>{text(texts.revision)}</dt>
      <dd>{said.revision}</dd>
      <dt>{text(texts.state)}</dt>
      <dd><span role="status"><StateNow status={status} revision={said.revision} /></span></dd>
      {said.digest && (
        <>
          <dt>{text(texts.digest)}</dt>
          <dd className="digest">{said.digest}</dd>
        </>
      )}
    </dl>
  );
}

function StateNow({ status, revision }: { status: Status | undefined; revision: number }) {
  const { text } = useWords();
  if (!status) return <span className="quiet">– {text(texts.stateUnknown)}</span>;
  if (status.state === 'received') return <span className="mark due"><span aria-hidden>○ </span>{text(texts.stateReceived)}</span>;
  if (status.state === 'conflict') return <span className="mark late"><span aria-hidden>✕ </span>{text(texts.stateConflict)}</span>;
  const newer = status.current_revision ?? revision;
  if (status.withdrawn) return <span className="mark"><ArrowUndoIcon aria-hidden /> {text(texts.stateWithdrawn)}</span>;
  if (newer > revision) return <span className="mark"><span aria-hidden>✓ </span>{text(texts.stateStoredSuperseded, { n: newer })}</span>;
  return <span className="mark done"><span aria-hidden>✓ </span>{text(texts.stateStored)}</span>;
}
