/** registerWorker keeps the page's files on the device, and calls ready when a new version waits. */
export function registerWorker(ready: (takeOver: () => void) => void): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  addEventListener('load', () => {
    void navigator.serviceWorker.register('/worker.js').then((registration) => {
      const tell = (worker: ServiceWorker | null) => {
        if (worker?.state === 'installed' && navigator.serviceWorker.controller) ready(() => worker.postMessage('take over'));
      };
      tell(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => tell(worker));
      });
    });
    let reloading = false;
    const had = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (!had || reloading) return;
      reloading = true;
      location.reload();
    });
  });
}
