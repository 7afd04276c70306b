import { Provider as KitProvider } from '@navikt/ds-react';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { kitEN, kitVI } from './kit';
import type { Language } from './text';
import { firstLanguage, keepLanguage, wordsIn, type Words } from './words';

/** What a view writes with, and how the language is changed. */
interface Chosen extends Words {
  setLanguage: (language: Language) => void;
}

const Context = createContext<Chosen | undefined>(undefined);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  useEffect(() => keepLanguage(language), [language]);
  const words = useMemo<Chosen>(() => ({ ...wordsIn(language), setLanguage }), [language]);
  return (
    <Context value={words}>
      <KitProvider locale={language === 'vi' ? kitVI : kitEN}>{children}</KitProvider>
    </Context>
  );
}

export function useWords(): Chosen {
  const words = useContext(Context);
  if (!words) throw new Error('outside of the language provider');
  return words;
}
