import type { Acceptance } from '#/drafts/draft';

// What stands in the answer to a filing beside the signed receipt.
const beside = new Set(['replayed', 'warnings', 'demonstration']);

/** signedOf is the receipt alone: what was signed, and the signature. */
export const signedOf = (accepted: Acceptance): Record<string, unknown> => Object.fromEntries(Object.entries(accepted).filter(([name]) => !beside.has(name)));

/** base64url writes a receipt as the API reads it in a header or an address. */
export function base64url(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** verifyAddress is where anybody can check a receipt. */
export const verifyAddress = (accepted: Acceptance, origin: string): string => `${origin}/verify?receipt=${base64url(signedOf(accepted))}`;
