import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { desktop, launch, phone, visit, type Person } from './browser';

// How a view begins: what it needs is named in the document, is asked for once, and is used; and what is drawn
// before the page runs is what the page draws then.

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

describe.concurrent('a view begins', () => {
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
    const named = await answered!.text();
    const ahead = [...named.matchAll(/as="fetch" crossorigin href="([^"]+)"/g)].map((found) => found[1]!.replaceAll('&amp;', '&'));
    expect(ahead).toContain('/v1/access/me');
    await page.locator('main h1').first().waitFor();
    // Chromium waits for three seconds after everything was loaded before it complains.
    await page.waitForTimeout(4000);
    expect(unused).toEqual([]);
    for (const question of ahead) expect(asked.filter((one) => one === question), question).toHaveLength(1);
    const questions = asked.filter((one) => one.startsWith('/v1/') && !one.startsWith('/v1/live'));
    expect(questions.filter((one, i) => questions.indexOf(one) !== i), 'asked twice').toEqual([]);
    // What comes after the first paint is asked for by itself: the chart library, menus and sheets, the steps of a form.
    const late = asked.filter((one) => /^\/assets\/.*\.(js|css)$/.test(one) && !named.includes(one));
    if (!/^\/(trends|new\/(accident|annex))/.test(path)) expect(late).toEqual([]);
    quiet();
    await context.close();
  });
});

/** What stands at the top of a view: its title and its sentences, and where. */
const firstWords = (page: Page) =>
  page.locator('main').evaluate((main) => {
    const words = [...main.querySelectorAll<HTMLElement>('h1, .answer, .sentences li, .dated, .owed-said, .annex-head > p:not(:has(a, strong)), .missing-answer p, .first-question legend, h1 + p')];
    return words.map((one) => ({ text: one.innerText.replace(/\s+/g, ' ').trim(), left: Math.round(one.getBoundingClientRect().left), top: Math.round(one.getBoundingClientRect().top) }));
  });

// The view writes its first words itself and in its own place: those that were drawn before it stand where they stay.
describe.concurrent('the first words of a view stay', () => {
  // What of a view has to be there before the page runs.
  const opened: [path: string, there: string, who?: Person, language?: 'en'][] = [
    ['/', '.sentences li + li + li'],
    ['/', '.sentences li + li + li', undefined, 'en'],
    ['/attainment', '.answer'],
    ['/attainment', '.answer', 'labour_officer'],
    ['/attainment?view=live', '.answer', 'ministry', 'en'],
    ['/targets/D31-2', '.answer'],
    ['/trends', '.answer p'],
    ['/trends', '.answer p', undefined, 'en'],
    ['/verify', 'h1 + p'],
    ['/rules', 'h1 + p', undefined, 'en'],
    ['/dictionary', 'h1 + p'],
    ['/owed', '.owed-said', 'registered'],
    ['/owed', '.owed-said', 'registered', 'en'],
    ['/owed', '.owed-said', 'enterprise'],
    ['/reports', 'h1', 'enterprise'],
    ['/new/accident', 'legend', 'enterprise'],
    ['/new/annex-xii?period=2025', '.annex-head', 'enterprise'],
    ['/missing', '.missing-answer', 'labour_officer'],
    ['/missing', '.missing-answer', 'labour_officer', 'en'],
    ['/records', '.answer', 'inspector'],
  ];
  it.each(opened.flatMap((one) => [phone, desktop].map((viewport) => [...([one[0], one[1], one[2], one[3]] as const), viewport] as const)))('%s (%s, %s, %s) %o', async (path, there, who, language, viewport) => {
    const { page, context, quiet } = await visit(browser, who, { viewport, language });
    // The page waits until the first words were read.
    let go = () => {};
    const read = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/assets/page-*.js', async (route) => {
      await read;
      await route.continue();
    });
    await page.goto(path, { waitUntil: 'commit' });
    await page.locator(`main[aria-busy] ${there}`).first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    const before = await firstWords(page);
    go();
    await page.locator('main:not([aria-busy])').waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
    const after = await firstWords(page);
    expect(before.length).toBeGreaterThan(0);
    expect(after.slice(0, before.length)).toEqual(before);
    quiet();
    await context.close();
  });
});

// Where the address or the role makes the view another one, nothing is drawn that the view would take back.
describe.concurrent('nothing is drawn ahead that the view does not say', () => {
  it.each([
    ['/verify?receipt=AAAA', undefined],
    ['/reports?withdrawn=1', 'enterprise'],
    ['/records?measure=N4&year=2025', 'inspector'],
    ['/new/accident', 'inspector'],
    ['/owed', undefined],
  ] as [string, Person | undefined][])('%s (%s)', async (path, who) => {
    const { page, context, quiet } = await visit(browser, who, { viewport: phone });
    await page.addInitScript(() => {
      const seen = { ahead: '' };
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        const main = document.querySelector('main[aria-busy]');
        if (main) seen.ahead = main.textContent ?? '';
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(path);
    await page.locator('main:not([aria-busy])').waitFor();
    await page.waitForLoadState('networkidle');
    const ahead = await page.evaluate(() => (globalThis as unknown as { seen: { ahead: string } }).seen.ahead);
    expect(await page.locator('main').textContent()).toContain(ahead);
    quiet();
    await context.close();
  });

  // The worker answers with the document that it kept, which names no questions.
  it('on a second visit', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: desktop });
    await page.goto('/reports');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    let go = () => {};
    const read = new Promise<void>((resolve) => (go = resolve));
    await context.route('**/assets/page-*.js', async (route) => {
      await read;
      await route.continue();
    });
    await page.goto('/reports', { waitUntil: 'commit' });
    await page.locator('main h1').waitFor();
    const menu = page.locator('nav.wide');
    const before = await menu.innerText();
    go();
    await page.locator('main:not([aria-busy]) h1').waitFor();
    expect(await menu.innerText()).toBe(before);
    await page.locator('.demonstration').waitFor();
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
  for (const path of ['/', '/attainment', '/targets/D31-1', '/trends', '/verify', '/dictionary']) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await page.waitForTimeout(1000);
    // What is "good" by the measure of Core Web Vitals is 0.1.
    expect(await page.evaluate(() => (globalThis as unknown as { seen: { moved: number } }).seen.moved), path).toBeLessThan(0.1);
  }
  await context.close();
});
