import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { accessible, desktop, launch, noSideways, phone, visit } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Answer {
  tracking_number: string;
  report_id: string;
  received_at: string;
}

/** file has the platform take a declaration of nobody's but this test's, and returns its receipt. */
async function file(): Promise<Answer> {
  const answered = await fetch(`${inject('base')}/v1/reports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${inject('tokens').operator}`, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify(await declaration()),
  });
  const body: unknown = await answered.json();
  expect(answered.status, JSON.stringify(body)).toBe(202);
  return body as Answer;
}

/** The catalogue's own model of a declaration, which breaks no rule, as of today. */
async function declaration() {
  const rules = (await (await fetch(`${inject('base')}/v1/rules`)).json()) as { reports: Record<string, Record<string, unknown> & { content: object }> };
  const model = structuredClone(rules.reports.accident_declaration!);
  delete model.report_id;
  delete model.received_at;
  return model;
}

async function check(page: Page, receipt: unknown): Promise<void> {
  await page.goto('/verify');
  await page.getByLabel('Biên nhận', { exact: true }).fill(JSON.stringify(receipt, null, 2));
  await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
}

const languages = ['vi', 'en'] as const;

test('a genuine receipt says what was filed and what became of it; a tampered one does not pass', async () => {
  const receipt = await file();
  const { page, quiet } = await visit(browser, undefined, { viewport: phone });
  await check(page, receipt);
  await page.getByRole('heading', { name: 'Biên nhận hợp lệ' }).waitFor();
  await page.getByText('Đã lưu, đang có hiệu lực').waitFor();
  await page.getByText(receipt.tracking_number).waitFor();
  await page.getByText('Khai báo tai nạn lao động').first().waitFor();
  await accessible(page);
  await noSideways(page);
  // The address is the receipt: whoever opens it sees the same, as with the QR code.
  await page.goto(page.url());
  await page.getByRole('heading', { name: 'Biên nhận hợp lệ' }).waitFor();

  await check(page, { ...receipt, received_at: '2026-01-01T00:00:00+07:00' });
  await page.getByRole('heading', { name: 'Chữ ký không khớp' }).waitFor();
  expect(await page.getByText('Biên nhận hợp lệ').count()).toBe(0);
  await accessible(page);
  quiet();
});

test('a chosen file, a number from paper, and what is no receipt', async () => {
  const receipt = await file();
  const { page } = await visit(browser, undefined, { language: 'en' });
  await page.goto('/verify');
  await page.locator('input[type=file]').setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(receipt)) });
  await page.getByRole('heading', { name: 'Genuine' }).waitFor();
  await accessible(page);

  await page.getByLabel('Receipt', { exact: true }).fill(`${receipt.tracking_number}\n${receipt.report_id}`);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByRole('heading', { name: 'There is a report with this number' }).waitFor();
  await page.getByLabel('Receipt', { exact: true }).fill(`TN-00000-00000-00000-00000 ${randomUUID()}`);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByRole('heading', { name: 'Not found' }).waitFor();

  await page.getByLabel('Receipt', { exact: true }).fill('{"hello": "world"}');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByText('This is no receipt').waitFor();
  await accessible(page);
});

test('a rule is found by its anchor, by words without marks, and with its example', async () => {
  const { page, quiet } = await visit(browser, undefined, { viewport: phone });
  await page.goto('/rules#AXII-022');
  const rule = page.locator('[id="AXII-022"]');
  await rule.waitFor();
  await expect.poll(() => rule.evaluate((e) => Math.abs(e.getBoundingClientRect().top) < 200)).toBe(true);
  await rule.getByRole('button', { name: 'Ví dụ vi phạm' }).click();
  await rule.getByText('Số nữ bị nạn không thuộc quyền quản lý').first().waitFor();

  await page.getByLabel('Tìm theo mã, nội dung hoặc văn bản').fill('so nu khong thuoc quyen');
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('so nu khong thuoc quyen');
  await page.getByText(/^\d+\/\d+ quy tắc/).waitFor();
  await rule.waitFor();
  expect(await page.locator('[id="ENV-001"]').count()).toBe(0);
  await noSideways(page);
  await page.getByLabel('Tìm theo mã, nội dung hoặc văn bản').fill('xyzzy');
  await page.getByText('Không có quy tắc nào như vậy.').waitFor();
  quiet();
});

test('the dictionary leads from a field to its code list', async () => {
  const { page, quiet } = await visit(browser, undefined, { viewport: phone });
  await page.goto('/dictionary?q=yeu%20to%20gay%20chan%20thuong&kind=accident_declaration');
  await page.getByRole('link', { name: 'factors' }).first().click();
  const table = page.getByRole('table', { name: 'Yếu tố gây chấn thương' });
  await table.waitFor();
  expect(await table.getByRole('row').count()).toBeGreaterThan(20);
  await noSideways(page);
  await page.goto('/dictionary#annex_xii.content.rows.*.women');
  await page.locator('[id="annex_xii.content.rows.*.women"]').getByText('Số nữ bị nạn').waitFor();
  quiet();
});

test.each(languages)('the views break no rule of accessibility (%s)', async (language) => {
  for (const viewport of [phone, desktop]) {
    const { page, context } = await visit(browser, undefined, { viewport, language });
    for (const address of ['/verify', '/rules', '/rules?q=AXII-02', '/dictionary', '/dictionary?kind=annex_xii&q=nu#list-causes', `/sign-in?lang=${language}&ended=1&next=/owed`]) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await accessible(page);
      await noSideways(page);
    }
    await context.close();
  }
});

test('one signs in from a view and comes back to it', async () => {
  const { page } = await visit(browser, undefined);
  await page.goto('/rules?q=AXII-022');
  await page.getByRole('link', { name: 'Đăng nhập' }).click();
  await page.getByLabel('Mã truy cập').fill('mistyped');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Mã truy cập').fill(inject('tokens').ministry);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.locator('[id="AXII-022"]').waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toContain('/rules?q=AXII-022');
  await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
});

test('a link to sign in never leads to another host', async () => {
  const { page } = await visit(browser, undefined);
  for (const foreign of ['//evil.example', '/\\evil.example', 'https://evil.example/']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(foreign)}`);
    await page.getByLabel('Mã truy cập').fill(inject('tokens').ministry);
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('button', { name: 'Đăng xuất' }).first().waitFor();
    expect(new URL(page.url()).host).toBe(new URL(inject('base')).host);
    await page.getByRole('button', { name: 'Đăng xuất' }).first().click();
    await page.getByRole('link', { name: 'Đăng nhập' }).first().waitFor();
  }
});

test('who is signed out meanwhile is told so', async () => {
  const { page, context } = await visit(browser, 'ministry');
  await page.goto('/rules?q=AXII-022');
  await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
  await context.clearCookies();
  // The page asks who one is as soon as it is looked at again.
  await page.clock.install();
  await page.clock.fastForward('02:00');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await page.getByText('Phiên đã hết, bản nháp vẫn còn.').waitFor();
});

test('the mark of live figures moves when a report is filed, for who may see them', async () => {
  await file();
  const { page, context, quiet } = await visit(browser, 'ministry');
  await page.goto('/attainment');
  const mark = page.locator('.live-mark time');
  await mark.waitFor();
  expect(await mark.textContent()).toMatch(/Số liệu đến \d\d:\d\d/);
  const before = await mark.getAttribute('datetime');
  await file();
  await expect.poll(() => mark.getAttribute('datetime'), { timeout: 20_000 }).not.toBe(before);
  await accessible(page);
  quiet();
  await context.close();

  const enterprise = await visit(browser, 'enterprise');
  await enterprise.page.goto('/attainment');
  await enterprise.page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
  expect(await enterprise.page.locator('.live-mark').count()).toBe(0);
});
