/** How often a page that stays open asks for a new version, in milliseconds. */
const askEvery = 60 * 60 * 1000;

/** registerWorker keeps the page's files on the device, and calls ready when a new version waits. */
export function registerWorker(ready: (takeOver: () => void) => void): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  // The first view comes first: what is kept for later is fetched once it stands.
  if (document.readyState === 'complete') void register(ready);
  else addEventListener('load', () => void register(ready), { once: true });
}

async function register(ready: (takeOver: () => void) => void): Promise<void> {
  let registration: ServiceWorkerRegistration;
  try {
    registration = await navigator.serviceWorker.register('/worker.js');
  } catch {
    return; // the page works without it, but not without a network
  }
  const tell = (worker: ServiceWorker | null) => {
    if (worker?.state !== 'installed' || !navigator.serviceWorker.controller) return;
    ready(() => takeOver(worker));
  };
  tell(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => tell(worker));
  });
  setInterval(() => void registration.update().catch(() => undefined), askEvery);
}

// Only the tab that asked for the new version is loaded again; others go on as they are.
function takeOver(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  worker.postMessage('take over');
}
