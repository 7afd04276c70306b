import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accessible, desktop, enter, launch, noSideways, open, phone, type Person } from './browser';

// Every address of the page, in both languages, on a phone and on a desktop: nothing that axe finds,
// nothing to scroll sideways, no complaint of the browser. What a view does stands in its own test.

let browser: Browser;
let report: { id: string; tracking: string };
let accident: string;

beforeAll(async () => {
  browser = await launch();
  report = await fileReport();
  const { investigations } = await ask<{ investigations: { accident_id: string }[] }>('inspector', '/v1/investigations?limit=1');
  accident = investigations[0]!.accident_id;
});
afterAll(() => browser.close());

async function ask<T>(who: Person, path: string, init: RequestInit = {}): Promise<T> {
  const answered = await fetch(inject('base') + path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${inject('tokens')[who]}`, 'Access-Purpose': 'inspection; 1/QD' } });
  expect(answered.ok, `${path}: ${answered.status}`).toBe(true);
  return (await answered.json()) as T;
}

/** A nil report of a year that the other tests come to last. */
async function fileReport(): Promise<{ id: string; tracking: string }> {
  const body = {
    kind: 'annex_xii',
    content: {
      reporter: { type: 'establishment', tax_code: '0100109106', name: 'Công ty A', province: { list: '34', code: '01' } },
      period: '2016H1',
      report_date: '2016-07-04',
      industry: { version: '2018', code: 'F' },
      workers: { total: 12, women: 3 },
      nil: true,
      rows: [],
    },
  };
  const accepted = await ask<{ report_id: string; tracking_number: string }>('operator', '/v1/reports', { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  await ask('operator', `/v1/reports/${accepted.report_id}`, { headers: { Prefer: 'wait=30' } });
  return { id: accepted.report_id, tracking: accepted.tracking_number };
}

/** What a view shows once it is there: its title, and not the first words that are drawn before it. */
const shown = (page: Page) => page.locator('main:not([aria-busy]) h1').first().waitFor();

const addresses: [address: string, who: Person | undefined, path: () => string][] = [
  ['/', undefined, () => '/'],
  ['/verify', undefined, () => '/verify'],
  ['/rules', undefined, () => '/rules'],
  ['/dictionary', undefined, () => '/dictionary'],
  ['/owed', 'enterprise', () => '/owed'],
  ['/new', 'enterprise', () => '/new'],
  ['/new/accident', 'enterprise', () => '/new/accident'],
  ['/new/annex-xii', 'enterprise', () => '/new/annex-xii'],
  ['/new/training_report', 'operator', () => '/new/training_report'],
  ['/reports', 'enterprise', () => '/reports'],
  ['/reports/ID', 'enterprise', () => `/reports/${report.id}`],
  ['/receipts/NO', 'enterprise', () => `/receipts/${report.tracking}?report=${report.id}`],
  ['/attainment', 'ministry', () => '/attainment'],
  ['/targets/ID', 'ministry', () => '/targets/D31-1'],
  ['/missing', 'labour_officer', () => '/missing'],
  ['/trends', 'inspector', () => '/trends'],
  ['/records', 'inspector', () => '/records'],
  ['/records/ID', 'inspector', () => `/records/${accident}`],
  // Who may not see a view is told so; what is no view, too.
  ['/records, not entitled', 'enterprise', () => '/records'],
  ['/missing, not signed in', undefined, () => '/missing'],
  ['no view', undefined, () => '/trends/nothing'],
  // What the server writes; the description of the interface is one document in both languages.
  ['/plain', undefined, () => '/plain'],
  ['/docs', undefined, () => '/docs'],
  ['/sign-in', undefined, () => '/sign-in'],
];

// Several views at once: each waits for the program and for its own quiet most of the time. Those of
// one person are pages of one browser, which has the scripts already. It is one without workers, so
// that every address still comes from the program and not from the page's own store.
describe.concurrent.each(['vi', 'en'] as const)('every view (%s)', (language) => {
  const browsers = new Map<Person | undefined, Promise<BrowserContext>>();
  const enterOnce = async (who: Person | undefined) => {
    const context = await enter(browser, who, { language });
    await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    return context;
  };
  const browserOf = (who: Person | undefined) => {
    const entered = browsers.get(who) ?? enterOnce(who);
    browsers.set(who, entered);
    return entered;
  };

  it.each(addresses)('%s', async (address, who, path) => {
    for (const viewport of [phone, desktop]) {
      const { page, quiet } = await open(await browserOf(who));
      await page.setViewportSize(viewport);
      const written = ['/plain', '/docs', '/sign-in'].includes(address);
      await page.goto(written ? `${path()}?lang=${language}` : path());
      await shown(page);
      await page.waitForLoadState('networkidle');
      if (address !== '/docs') expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      await noSideways(page);
      await accessible(page);
      quiet();
      await page.close();
    }
  });
});

it('is the list of the addresses that the server has', () => {
  const source = readFileSync(fileURLToPath(new URL('../src/routes.tsx', import.meta.url)), 'utf8');
  const routes = [...source.matchAll(/path: '([^']+)'/g)].map((m) => m[1]!.replace('$kind', 'training_report').replace('$id', 'ID').replace('$no', 'NO'));
  expect(addresses.map(([address]) => address)).toEqual(expect.arrayContaining(routes));
});
