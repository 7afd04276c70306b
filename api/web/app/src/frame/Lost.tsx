import { Alert, Button, Heading } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

export function NotFound() {
  const { text } = useWords();
  return (
    <div className="stack lost">
      <Heading size="large" level="1">{text(texts.notFound)}</Heading>
      <Link to="/" className="aksel-link">{text(texts.toHome)}</Link>
    </div>
  );
}

/** Fault stands where a view failed: what was typed lies with the drafts. */
export function Fault() {
  const { text } = useWords();
  return (
    <Alert variant="error">
      <p>{text(texts.fault)}</p>
      <Button variant="secondary" size="small" onClick={() => location.reload()}>{text(texts.reload)}</Button>
    </Alert>
  );
}
