import { useRouterState } from '@tanstack/react-router';
import { useWords } from '#/language/LanguageProvider';
import type { Language } from '#/language/text';

/** signInAddress is that of the page of sign-in, which leads back to a view. */
export function signInAddress(language: Language, here: string, ended = false): string {
  const query = new URLSearchParams({ lang: language });
  if (here !== '/') query.set('next', here);
  if (ended) query.set('ended', '1');
  return `/sign-in?${query}`;
}

/** useSignIn is where to sign in to come back to what is shown now. */
export function useSignIn({ ended = false } = {}): string {
  const { language } = useWords();
  const here = useRouterState({ select: (s) => s.location.href });
  return signInAddress(language, here, ended);
}
