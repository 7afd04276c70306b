/// <reference lib="webworker" />

// The page without a network: its own files are kept on the device, and every view begins with
// the kept document, so that document and files are always of one version. Of what the API
// answers, only public reference data are kept, so that a form can be filled in. Figures and
// reports never are: those shown without a network are what the page itself still holds, with
// their time.

import type { Schemas } from './api/client';
import { filesAs, makers } from './forms/kinds';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

const files = self.__WB_MANIFEST;
const page = 'atvsld-page-';
const name = page + hash(files.map((f) => f.url + (f.revision ?? '')).join());
const references = 'atvsld-reference';
const paths = new Set(files.map((f) => new URL(f.url, self.location.origin).pathname));

/** FNV-1a: another set of files, another name. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h.toString(16);
}

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(name).then((kept) => kept.addAll(files.map(wanted))));
});

// A file whose name holds its digest may come from anywhere; any other has to be today's.
function wanted(file: { url: string }): Request {
  const address = `/${file.url}`;
  return new Request(address, { cache: address.startsWith('/assets/') ? 'default' : 'no-cache' });
}

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOld().then(() => self.clients.claim()));
});

// A tab that was not loaded again still needs the files of the version before.
async function removeOld(): Promise<void> {
  const before = (await caches.keys()).filter((n) => n.startsWith(page) && n !== name);
  await Promise.all(before.slice(0, -1).map((n) => caches.delete(n)));
}

// A new version waits until the page says that it may come: a form is not torn away.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
  const { formsOf } = event.data as { formsOf?: string };
  // Without a network what is there stays, and the next visit goes on.
  if (formsOf) event.waitUntil(keepForms(formsOf).catch(() => undefined));
});

/** What was fetched so long ago is asked for again, in milliseconds. */
const lasts = 24 * 60 * 60 * 1000;

/**
 * keepForms keeps what every form of a role asks of the platform before it can be filled in, so that a form
 * opens without a network though it was never opened before. One after the other: nothing waits for them.
 */
async function keepForms(role: string): Promise<void> {
  const policy = await told<Schemas['Policy']>('/v1/access/policy');
  const dictionary = await told<Schemas['Dictionary']>('/v1/dictionary');
  const filed = (kind: string) => filesAs(policy.roles?.find((r) => r.role === role), kind, policy.kinds?.find((k) => k.kind === kind)).length > 0;
  const kinds = Object.keys(makers).filter(filed).map((kind) => `/v1/dictionary?kind=${kind}`);
  const lists = Object.keys(dictionary.code_lists ?? {}).filter((name) => name !== 'rules').map((name) => `/v1/codelists/${name}`);
  for (const address of ['/v1/rules', ...kinds, ...lists]) await told(address);
}

async function told<T>(address: string): Promise<T> {
  const kept = await caches.open(references);
  const last = await kept.match(address, { ignoreVary: true });
  if (last && Date.now() - Date.parse(last.headers.get('Date') ?? '') < lasts) return (await last.json()) as T;
  const answered = await fetch(address);
  if (!answered.ok) throw new Error(`${address}: ${answered.status}`);
  await kept.put(address, answered.clone());
  return (await answered.json()) as T;
}

// What is answered by the program itself and is no view of the page.
const servers = ['/v1/', '/docs', '/openapi', '/asyncapi', '/sign-in', '/session', '/plain', '/web/', '/livez', '/readyz', '/metrics', '/.well-known/'];
const isReference = (path: string) => path.startsWith('/v1/codelists') || path === '/v1/dictionary' || path === '/v1/rules' || path === '/v1/access/policy';

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (!servers.some((p) => url.pathname.startsWith(p))) event.respondWith(fileFor(request, '/index.html'));
    return;
  }
  if (paths.has(url.pathname) || url.pathname.startsWith('/assets/')) event.respondWith(fileFor(request, url.pathname));
  else if (isReference(url.pathname)) event.respondWith(referenceFor(request));
});

async function fileFor(request: Request, path: string): Promise<Response> {
  const ours = await (await caches.open(name)).match(path, { ignoreVary: true });
  return ours ?? (await caches.match(path, { ignoreVary: true })) ?? fetch(request);
}

// The newest if there is a network, the last one if there is none.
async function referenceFor(request: Request): Promise<Response> {
  const kept = await caches.open(references);
  try {
    const answered = await fetch(request);
    if (answered.ok) await kept.put(request, answered.clone());
    return answered;
  } catch (silence) {
    const last = await kept.match(request, { ignoreVary: true });
    if (last) return last;
    throw silence;
  }
}
