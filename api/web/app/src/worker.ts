/// <reference lib="webworker" />

// The page without a network: its own files are kept on the device, and every view begins with
// the document. What the API answers is never kept here: figures that are shown without a network
// are those that the page itself still holds, with their time.

export {};

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

const files = self.__WB_MANIFEST;
const name = `atvsld-${hash(files.map((f) => f.url + (f.revision ?? '')).join())}`;
const paths = new Set(files.map((f) => new URL(f.url, self.location.href).pathname));

/** FNV-1a: another set of files, another name. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h.toString(16);
}

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(name).then((kept) => kept.addAll(files.map((f) => (f.url === 'index.html' ? new Request('/') : new Request(`/${f.url}`))))));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((all) => Promise.all(all.filter((n) => n.startsWith('atvsld-') && n !== name).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

// A new version waits until the page says that it may come: a form is not torn away.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
});

const servers = ['/v1/', '/docs', '/openapi', '/asyncapi', '/sign-in', '/session', '/plain', '/web/', '/livez', '/readyz', '/metrics', '/.well-known/'];

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate') {
    if (servers.some((p) => url.pathname.startsWith(p))) return;
    // The newest document if there is a network, the kept one if there is none.
    event.respondWith(fetch(event.request).catch(async () => (await caches.match('/')) ?? Response.error()));
    return;
  }
  if (paths.has(url.pathname)) event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(event.request)));
});
