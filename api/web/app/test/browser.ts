import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

/** Debian's Chromium, or the one that CHROMIUM names. */
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p));

export const phone = { width: 360, height: 800 };
export const desktop = { width: 1280, height: 900 };

export function launch(): Promise<Browser> {
  if (!executablePath) throw new Error('no Chromium: install it, or name it with CHROMIUM');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export type Person = keyof ReturnType<typeof tokens>;
const tokens = () => inject('tokens');

interface Options {
  viewport?: typeof phone;
  language?: 'vi' | 'en';
}

/** A browser of its own for somebody, signed in unless he is of the public. */
export async function enter(browser: Browser, who: Person | undefined, options: Options = {}): Promise<BrowserContext> {
  const base = inject('base');
  const context = await browser.newContext({ baseURL: base, viewport: options.viewport ?? desktop, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', serviceWorkers: 'allow' });
  context.setDefaultTimeout(60_000);
  await context.addInitScript((language) => localStorage.setItem('atvsld-language', localStorage.getItem('atvsld-language') ?? language), options.language ?? 'vi');
  if (who) {
    const answered = await context.request.post('/session', { form: { token: tokens()[who], lang: 'vi' }, headers: { Origin: base }, maxRedirects: 0 });
    expect(answered.status()).toBe(303);
  }
  return context;
}

/** A page in it. What the page prints as an error, and what the policy of contents forbids, fails the
 *  test that asks {@link quiet}. */
export async function open(context: BrowserContext): Promise<{ page: Page; quiet: () => void }> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('console', (m) => {
    // A refusal that a view shows is no fault of the page.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) complaints.push(m.text());
  });
  return { page, quiet: () => expect(complaints).toEqual([]) };
}

/** Both at once. */
export async function visit(browser: Browser, who: Person | undefined, options: Options = {}): Promise<{ page: Page; context: BrowserContext; quiet: () => void }> {
  const context = await enter(browser, who, options);
  return { context, ...(await open(context)) };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** accessible fails if axe finds anything that breaks WCAG 2.2 A or AA, or its best practices. */
export async function accessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run: (where: Document, options: object) => Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }).axe;
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 200)).join(' | ')}`);
  });
  expect(found).toEqual([]);
}

/** noSideways fails if the page has to be scrolled sideways. */
export async function noSideways(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}
