import type texts from './messages';

export type PurposeCode = keyof typeof texts.purposes;

/** Why somebody opens personal data, as the header Access-Purpose says it. */
export interface Purpose {
  code: PurposeCode;
  reference: string;
}

export const headerOf = (p: Purpose): string => (p.reference ? `${p.code}; ${p.reference}` : p.code);

const form = /^[0-9A-Za-z][0-9A-Za-z./_-]{0,79}$/;
export const validReference = (reference: string): boolean => reference === '' || form.test(reference);
