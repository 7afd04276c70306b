/** What somebody presents: a receipt as the platform takes it in an address, or only its number with
 *  the report that it is of. */
export type Presented = { receipt: string } | { number: string; report: string };

/** Members of the answer to a filing that are not of the receipt. */
const beside = ['replayed', 'warnings', 'demonstration'];

/** The longest receipt that the platform takes in an address, in characters. */
const longest = 12_000;

const numbers = /\bTN(?:[-\s]?[0-9A-Z]{5}){4}\b/i;
const ids = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i;

/** read finds what a text presents: the file of a receipt, the link of its QR code, or a number and
 *  an id as they stand on paper. Undefined if it is nothing of that. */
export function read(text: string): Presented | undefined {
  const trimmed = text.trim();
  const claims = parse(trimmed);
  if (claims !== undefined) return ofClaims(claims);
  return fromLink(trimmed) ?? fromCode(trimmed) ?? fromPaper(trimmed);
}

/** address is what stands in the address of the view for what is presented. */
export const address = (p: Presented): string => ('receipt' in p ? p.receipt : `${p.number} ${p.report}`);

function ofClaims(claims: Record<string, unknown>): Presented | undefined {
  for (const name of beside) delete claims[name];
  return within(encode(JSON.stringify(claims)));
}

function fromLink(text: string): Presented | undefined {
  const code = /[?&]receipt=([^&#\s]+)/.exec(text)?.[1];
  return code === undefined ? undefined : fromCode(code.replace(/%3D/gi, '='));
}

function fromCode(text: string): Presented | undefined {
  const code = text.replace(/=+$/, '');
  if (!/^[A-Za-z0-9_-]{40,}$/.test(code) || parse(decode(code)) === undefined) return undefined;
  return within(code);
}

function fromPaper(text: string): Presented | undefined {
  const number = numbers.exec(text)?.[0];
  const report = ids.exec(text)?.[0];
  return number && report ? { number: number.toUpperCase().replace(/\s/g, '-'), report: report.toLowerCase() } : undefined;
}

const within = (receipt: string): Presented | undefined => (receipt.length <= longest ? { receipt } : undefined);

/** An object that is signed: whatever else it holds is for the platform to judge. */
function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'proof' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function encode(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function decode(code: string): string {
  try {
    const bytes = atob(code.replace(/-/g, '+').replace(/_/g, '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return '';
  }
}
