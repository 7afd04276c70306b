// What the first view asks for comes with the document: the program names it there, the opening asks for it, and the
// client takes what has come. Nothing is asked twice.

interface First {
  purpose: string | null;
  /** When the answer came. */
  came?: number;
  answered: Promise<Response>;
}

const asked = new Map<string, First>();

/** An answer that nobody took so long after it came is not of now any more, in milliseconds. On the slowest networks the page itself takes half a minute. */
const lasts = 60_000;

/** The addresses that the program named in the document, for whoever opens it. */
export const first: string[] = [...document.querySelectorAll<HTMLLinkElement>('link[rel="preload"][as="fetch"]')].map((link) => link.getAttribute('href')!);

/** askFirst asks for an address before the client does. */
export function askFirst(address: string, purpose?: string): void {
  const answered = fetch(address, { headers: purpose ? { 'Access-Purpose': purpose } : {} });
  const one: First = { purpose: purpose ?? null, answered };
  answered.then(
    () => (one.came = performance.now()),
    () => undefined, // what fails is told by the view
  );
  asked.set(address, one);
}

/** readFirst is what an address that was asked first holds; undefined if it cannot be had. */
export async function readFirst<T>(address: string): Promise<T | undefined> {
  try {
    // The client reads the answer itself.
    const mine = (await asked.get(address)?.answered)?.clone();
    return mine?.ok ? ((await mine.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** isUnknown tells whether there is nothing at an address that was asked first. */
export const isUnknown = async (address: string): Promise<boolean> => (await asked.get(address)?.answered.catch(() => undefined))?.status === 404;

/** fetchOnce is the client's fetch: what was asked first is given to whoever asks for it next. */
export function fetchOnce(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const one = asked.get(pathname + search);
  if (!one || request.method !== 'GET' || one.purpose !== request.headers.get('Access-Purpose')) return fetch(request);
  asked.delete(pathname + search);
  const stale = one.came !== undefined && performance.now() - one.came > lasts;
  return stale ? fetch(request) : one.answered;
}
