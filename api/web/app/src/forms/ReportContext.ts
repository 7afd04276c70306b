import { createContext, useContext } from 'react';
import type { Finding } from '#/api/client';
import type { Report } from './useReport';

/** What fields need to know of the report that they are part of. */
export interface Filling {
  report: Report;
  /** The day whose code lists apply, YYYY-MM-DD. */
  day: string;
}

export const FillingContext = createContext<Filling | undefined>(undefined);

export function useFilling(): Filling {
  const filling = useContext(FillingContext);
  if (!filling) throw new Error('outside of a form');
  return filling;
}

/** What is to be shown at a place. */
export function useFindingsAt(pointer: string): Finding[] {
  return useFilling().report.shown.filter((f) => f.pointer === pointer);
}
