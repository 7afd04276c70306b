import type { CDPSession, Page } from 'playwright-core';
import { inject, test } from 'vitest';
import { launch, phone, visit, type Person } from './browser';

// How long a phone waits for each view: measured and printed, not judged. `make page-speed`.

/** A slow phone: the profile with which Lighthouse stands for one (1.6 Mbit/s, 150 ms, a fourth of the processor). */
const profile = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (0.75 * 1024 * 1024) / 8 };
const slower = 4;
const times = 5;

const views: [path: string, who?: Person][] = [
  ['/'],
  ['/attainment'],
  ['/targets/D31-1'],
  ['/trends'],
  ['/verify'],
  ['/rules'],
  ['/dictionary'],
  ['/owed', 'enterprise'],
  ['/owed', 'registered'],
  ['/new/accident', 'enterprise'],
  ['/new/annex-xii?period=2025', 'enterprise'],
  ['/reports', 'enterprise'],
  ['/attainment?view=live', 'ministry'],
  ['/missing', 'labour_officer'],
  ['/records', 'inspector'],
];

/** Times in milliseconds since somebody went to the address, sizes in bytes. */
interface Measured {
  largestPaint: number;
  /** When the view stood, with its answers in it. */
  whole: number;
  /** How much moved (Cumulative Layout Shift). */
  moved: number;
  scripts: number;
  all: number;
}

test('largest paint and sizes on a slow phone', { timeout: 1_800_000 }, async () => {
  const browser = await launch();
  const lines: string[] = [];
  for (const [path, who] of views) {
    const runs: Measured[] = [];
    for (let n = 0; n < times; n++) {
      const { page, context } = await visit(browser, who, { viewport: phone });
      runs.push(await measure(page, path));
      await context.close();
    }
    runs.sort((a, b) => a.largestPaint - b.largestPaint);
    const middle = runs[Math.floor(times / 2)]!;
    const whole = runs.map((run) => run.whole).sort((a, b) => a - b)[Math.floor(times / 2)]!;
    const moved = Math.max(...runs.map((run) => run.moved));
    const worst = runs[times - 1]!;
    lines.push(`| ${path.padEnd(28)} | ${(who ?? 'public').padEnd(14)} | ${seconds(middle.largestPaint)} | ${seconds(worst.largestPaint)} | ${seconds(whole)} | ${moved.toFixed(3)} | ${kilobytes(middle.scripts)} | ${kilobytes(middle.all)} |`);
  }
  await browser.close();
  console.log(
    [
      `Slow phone: ${phone.width} × ${phone.height}, 1.6 Mbit/s, 150 ms, processor ${slower} times slower, empty cache, ${times} visits each; ${inject('base')}`,
      '| view                         | who            | largest paint, median | slowest | whole view, median | moved | scripts on the wire | all on the wire |',
      '|---|---|---|---|---|---|---|---|',
      ...lines,
    ].join('\n'),
  );
});

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`.padStart(8);
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`.padStart(8);

async function measure(page: Page, path: string): Promise<Measured> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', profile);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const sizes = { scripts: 0, all: 0 };
  const scripts = new Set<string>();
  session.on('Network.responseReceived', (e) => {
    if (e.type === 'Script') scripts.add(e.requestId);
  });
  session.on('Network.loadingFinished', (e) => {
    sizes.all += e.encodedDataLength;
    if (scripts.has(e.requestId)) sizes.scripts += e.encodedDataLength;
  });
  await page.addInitScript(watch);
  await page.goto(path);
  // A slow processor may be at work for longer than the network pauses: the view has to be whole.
  await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('[aria-busy="true"]'));
  await page.waitForLoadState('networkidle');
  // The paint of what came last is noted a frame later.
  await page.waitForTimeout(500);
  const largestPaint = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(Math.max(...list.getEntries().map((entry) => entry.startTime)))).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  const { whole, moved } = await page.evaluate(() => (globalThis as unknown as { seen: { whole: number; moved: number } }).seen);
  return { largestPaint, whole, moved, ...sizes };
}

/** watch runs in the page, before everything else. */
function watch(): void {
  const seen = { whole: 0, moved: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) seen.moved += (shift as unknown as { value: number }).value;
  }).observe({ type: 'layout-shift', buffered: true });
  new MutationObserver(() => {
    if (seen.whole === 0 && document.querySelector('main h1') && !document.querySelector('[aria-busy="true"]')) seen.whole = performance.now();
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-busy'] });
}
