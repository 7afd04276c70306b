import { Alert } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import { TextAt } from './controls';
import texts from './messages';
import type { Opening } from './useOpening';
import type { Report } from './useReport';

/** Amending says which version this will be, and asks why. */
export function Amending({ opening, report }: { opening: Opening; report: Report }) {
  const { text } = useWords();
  if (report.draft.revision < 2) return null;
  return (
    <section className="stack amending">
      <Alert variant="info" inline>
        {text(texts.amending, { revision: report.draft.revision })}. {text(texts.amendingWhy)}
      </Alert>
      {opening.amends?.hidden && <Alert variant="warning" inline>{text(texts.hiddenParts)}</Alert>}
      <TextAt pointer="/reason" label={text(texts.required, { label: text(texts.reason) })} most={1000} />
    </section>
  );
}
