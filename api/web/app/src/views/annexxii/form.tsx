import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Finding } from '#/api/client';
import type { Draft } from '#/drafts/draft';
import type { Annex } from './annex';

/** What the steps of the form share. */
export interface AnnexForm {
  draft: Draft;
  annex: Annex;
  change: (next: Annex) => void;
  /** Findings at a place that may be shown: typing is not interrupted, a place that was left is told. */
  shown: (pointer: string) => Finding[];
  /** Findings at places that begin so, shown or not. */
  within: (prefix: string) => Finding[];
  /** Somebody has left a place: what is wrong there may be said. */
  leave: (prefix: string) => void;
  go: (step: string) => void;
  goTo: (pointer: string) => void;
}

const Context = createContext<AnnexForm | undefined>(undefined);
export const AnnexFormProvider = Context.Provider;

export function useAnnexForm(): AnnexForm {
  const form = useContext(Context);
  if (!form) throw new Error('outside of the form');
  return form;
}

const narrowScreen = '(max-width: 63.99rem)';

/** useNarrow tells whether the table is a list of rows: eleven columns need a desk. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (tell) => {
      const media = matchMedia(narrowScreen);
      media.addEventListener('change', tell);
      return () => media.removeEventListener('change', tell);
    },
    () => matchMedia(narrowScreen).matches,
  );
}
