import { answer, api } from '#/api/client';
import { askMe } from '#/api/me';
import { filesAs, makers } from '#/forms/kinds';

// Where the service worker keeps them.
const kept = 'atvsld-reference';
const lasts = 24 * 60 * 60 * 1000;

/**
 * keepReferences has the device keep what every form of somebody asks of the platform before it can be filled
 * in, so that a form opens without a network though it was never opened before. One after the other, once
 * the page's own files are kept: they wait for nothing and nothing waits for them.
 */
export async function keepReferences(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.ready;
  await controlled();
  try {
    const me = await askMe();
    const policy = await answer(api.GET('/v1/access/policy'));
    const dictionary = await answer(api.GET('/v1/dictionary'));
    const role = policy.roles?.find((r) => r.role === me.role);
    const kinds = Object.keys(makers).filter((k) => filesAs(role, k, policy.kinds?.find((p) => p.kind === k)).length > 0);
    const lists = Object.keys(dictionary.code_lists ?? {}).filter((name) => name !== 'rules');
    for (const address of ['/v1/rules', ...kinds.map((k) => `/v1/dictionary?kind=${k}`), ...lists.map((l) => `/v1/codelists/${l}`)]) await keep(address);
  } catch {
    // Without a network now: what is there stays, and the next visit goes on.
  }
}

/** The first visit is without the worker until it takes over. */
function controlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return Promise.resolve();
  return new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true }));
}

/** The worker keeps what it sees pass; what it has of today is not asked for again. */
async function keep(address: string): Promise<void> {
  const last = await (await caches.open(kept)).match(address, { ignoreVary: true });
  const at = Date.parse(last?.headers.get('Date') ?? '');
  if (Date.now() - at < lasts) return;
  await (await fetch(address)).arrayBuffer();
}
