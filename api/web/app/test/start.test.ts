import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, phone, visit, type Person } from './browser';

// How a view begins: what it needs is named beside the document, is asked for once, and is used.

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const views: [path: string, who?: Person][] = [
  ['/'],
  ['/?lang=en'],
  ['/attainment'],
  ['/attainment?view=live', 'ministry'],
  ['/attainment', 'labour_officer'],
  ['/attainment', 'enterprise'],
  ['/targets/D31-1'],
  ['/targets/D31-1', 'inspector'],
  ['/trends'],
  ['/verify'],
  ['/rules'],
  ['/dictionary'],
  ['/owed', 'enterprise'],
  ['/new', 'enterprise'],
  ['/new/accident', 'enterprise'],
  ['/new/annex-xii?period=2025', 'enterprise'],
  ['/new/training_report', 'operator'],
  ['/reports', 'enterprise'],
  ['/missing', 'labour_officer'],
  ['/records', 'inspector'],
];

describe('a view begins', () => {
  it.each(views)('%s (%s)', async (path, who) => {
    const { page, context, quiet } = await visit(browser, who, { viewport: phone });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url().slice(inject('base').length)));
    // The browser complains of what was sent ahead and asked for by nobody.
    const unused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('was preloaded')) unused.push(message.text());
    });
    const answered = await page.goto(path);
    const named = `${answered!.headers()['link']} ${await answered!.text()}`;
    const ahead = [...named.matchAll(/<(\/v1\/[^>]+)>/g)].map((found) => found[1]!);
    await page.locator('main h1').first().waitFor();
    // Chromium waits for three seconds after everything was loaded before it complains.
    await page.waitForTimeout(4000);
    expect(unused).toEqual([]);
    for (const question of ahead) expect(asked.filter((one) => one === question), question).toHaveLength(1);
    // What comes after the first paint is asked for by itself: the chart library, and menus and sheets.
    const late = asked.filter((one) => /^\/assets\/.*\.(js|css)$/.test(one) && !named.includes(one));
    if (!path.startsWith('/trends')) expect(late).toEqual([]);
    quiet();
    await context.close();
  });
});

it('moves nothing once it is drawn', async () => {
  const { page, context } = await visit(browser, undefined, { viewport: phone });
  await page.addInitScript(() => {
    const seen = { moved: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) seen.moved += (shift as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const path of ['/', '/verify']) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await page.waitForTimeout(1000);
    // What is "good" by the measure of Core Web Vitals is 0.1.
    expect(await page.evaluate(() => (globalThis as unknown as { seen: { moved: number } }).seen.moved), path).toBeLessThan(0.1);
  }
  await context.close();
});
