import type { Browser, Locator, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addressOf, branches, makers, yearly } from '#/forms/kinds';
import { accessible, desktop, launch, noSideways, phone, visit } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** The platform's answer to the request that files a report, as opposed to those that check it. */
const filing = (page: Page): Promise<Response> =>
  page.waitForResponse((r) => new URL(r.url()).pathname === '/v1/reports' && r.request().method() === 'POST' && !r.url().includes('dry_run'), { timeout: 30_000 });

const checking = (page: Page): Promise<Response> => page.waitForResponse((r) => r.url().includes('/v1/reports?dry_run=true'), { timeout: 30_000 });

const go = (page: Page) => page.getByRole('button', { name: 'Tiếp tục' }).click();
const step = (page: Page, name: string): Locator => page.getByRole('heading', { level: 2, name, exact: true });

/** From the first question to the step of place and time. */
async function begin(page: Page): Promise<void> {
  await page.goto('/new');
  await page.getByRole('link', { name: 'Khai báo tai nạn lao động' }).click();
  await page.getByLabel('Có', { exact: true }).check();
  await go(page);
  await step(page, 'Nơi và thời điểm').waitFor();
}

const twoDaysAgo = (): string => {
  const at = new Date(Date.now() - 2 * 86_400_000);
  return `${String(at.getDate()).padStart(2, '0')}/${String(at.getMonth() + 1).padStart(2, '0')}/${at.getFullYear()}`;
};

async function fillPlace(page: Page, day = twoDaysAgo()): Promise<void> {
  await page.getByLabel('Ngày', { exact: true }).fill(day);
  await page.getByLabel('Giờ', { exact: true }).fill('14h30');
  await choose(page, 'Tỉnh, thành phố nơi xảy ra', 'bac ninh', 'Bắc Ninh');
}

/** Searches a list and picks from it, unless the platform has filled it in. */
async function choose(page: Page, label: string, typed: string, option: string): Promise<void> {
  if (await isChosen(page, label)) return;
  await page.getByRole('combobox', { name: label }).fill(typed);
  await page.getByRole('option', { name: option }).click();
}

async function isChosen(page: Page, label: string): Promise<boolean> {
  const field = page.locator('.aksel-form-field', { has: page.getByRole('combobox', { name: label }) });
  return (await field.locator('.aksel-combobox__selected-options').innerText()).trim() !== '';
}

async function fillUnit(page: Page): Promise<void> {
  await page.getByLabel('Tên đơn vị').fill('Công ty Xây lắp Sông Hồng');
  await choose(page, 'Tỉnh, thành phố của trụ sở chính', 'ha noi', 'Hà Nội');
  await choose(page, 'Ngành của cơ sở', 'xay dung', 'F. Xây dựng');
}

async function fillVictim(page: Page, n: number, name: string): Promise<Locator> {
  const card = page.getByRole('region', { name: `Người bị nạn ${n}` });
  await card.getByLabel('Họ và tên').fill(name);
  await card.getByLabel('Nam', { exact: true }).check();
  await card.getByLabel('Năm sinh').fill('1985');
  await card.getByLabel('Có hợp đồng lao động', { exact: true }).check();
  await card.getByRole('radiogroup', { name: /Thuộc quyền quản lý/ }).getByLabel('Có', { exact: true }).check();
  return card;
}

async function status(page: Page, id: string): Promise<string> {
  const answered = await page.request.get(`/v1/reports/${id}`);
  return answered.ok() ? ((await answered.json()) as { state: string }).state : String(answered.status());
}

describe('a declaration', () => {
  test('is filed from the first question to the receipt', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: phone });
    await begin(page);
    await fillPlace(page);
    await noSideways(page);
    await go(page);
    await step(page, 'Đơn vị khai báo').waitFor();
    expect(await page.getByLabel('Mã số thuế').inputValue()).toBe('0100109106');
    await fillUnit(page);
    await go(page);
    await step(page, 'Người bị nạn').waitFor();
    const dead = await fillVictim(page, 1, 'Nguyễn Văn An');
    await dead.getByLabel('Chết', { exact: true }).check();
    await dead.getByLabel('Ngày chết').fill(twoDaysAgo());
    await page.getByRole('button', { name: 'Thêm người bị nạn' }).click();
    const hurt = await fillVictim(page, 2, 'Trần Văn Bình');
    await hurt.getByLabel('Bị thương nặng', { exact: true }).check();
    await noSideways(page);
    await go(page);
    await step(page, 'Diễn biến').waitFor();
    await page.getByLabel('Tai nạn diễn ra thế nào?').fill('Ngã từ giàn giáo cao 8 m khi tháo ván khuôn.');
    await go(page);
    await step(page, 'Kiểm tra và gửi').waitFor();
    expect(await page.getByText('Chưa có', { exact: true }).count()).toBe(0);
    await noSideways(page);
    const sent = filing(page);
    await page.getByRole('button', { name: 'Gửi khai báo' }).click();
    const answered = await sent;
    expect(answered.status()).toBe(202);
    await page.waitForURL(/\/receipts\/[0-9a-f-]{36}$/);
    const { report_id } = (await answered.json()) as { report_id: string };
    await expect.poll(() => status(page, report_id), { timeout: 30_000 }).toBe('stored');
    const filed = (await (await page.request.get(`/v1/reports/${report_id}/revisions/1`)).json()) as { submission: { content: Record<string, never> } };
    expect(filed.submission.content).toMatchObject({ place: { province: { list: '34', code: '24' } }, victims: [{ severity: 'dead' }, { severity: 'serious', name: 'Trần Văn Bình' }] });
    quiet();
    await context.close();
  });

  test('that is not needed leads to Annex XII', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise');
    await page.goto('/new/accident');
    await go(page);
    expect(await page.getByText('Chọn Có hoặc Không để tiếp tục.').isVisible()).toBe(true);
    await page.getByLabel('Không', { exact: true }).check();
    await go(page);
    await step(page, 'Vụ này không phải khai báo ngay').waitFor();
    await accessible(page);
    await page.getByRole('link', { name: 'Lập báo cáo Phụ lục XII' }).click();
    await page.waitForURL('**/new/annex-xii');
    quiet();
    await context.close();
  });

  test('that breaks rules shows every finding at its field and in the summary, in the same words', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise');
    await begin(page);
    await fillPlace(page, '01/01/2199');
    await page.getByRole('button', { name: 'Xem các bước' }).click();
    await page.getByRole('button', { name: 'Kiểm tra và gửi' }).click();
    await step(page, 'Kiểm tra và gửi').waitFor();
    const answered = checking(page);
    await page.getByRole('button', { name: 'Gửi khai báo' }).click();
    const found = ((await (await answered).json()) as { errors: { code: string; severity: string }[] }).errors.filter((f) => f.severity === 'error');
    const summary = page.locator('.aksel-error-summary');
    await summary.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('.aksel-error-summary') !== null)).toBe(true);
    const lines = await summary.getByRole('link').allTextContents();
    for (const code of new Set(found.map((f) => f.code))) expect(lines.join('\n')).toContain(`(${code})`);
    expect(lines.join('\n')).toContain('Chưa có: Họ và tên (Người bị nạn 1). (ENV-001)');
    const late = lines.find((l) => l.includes('(ACC-001)'))!;
    await accessible(page);
    await summary.getByRole('link', { name: late }).click();
    await step(page, 'Nơi và thời điểm').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('f-content-occurred_at');
    expect((await page.locator('.moment .finding').allTextContents()).map((t) => t.trim())).toContain(late.trim());
    quiet();
    await context.close();
  });

  test('can be filed by the keyboard alone', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise');
    const keys = page.keyboard;
    const reach = async (id: string) => {
      for (let i = 0; i < 80; i++) {
        if (await page.evaluate((sought) => document.activeElement?.id === sought || document.activeElement?.textContent === sought, id)) return;
        await keys.press('Tab');
      }
      throw new Error(`no way to ${id}`);
    };
    await page.goto('/new/accident');
    await page.getByRole('radio').first().waitFor();
    for (let i = 0; i < 40 && !(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.type === 'radio')); i++) await keys.press('Tab');
    await keys.press('Space');
    await keys.press('Enter');
    await step(page, 'Nơi và thời điểm').waitFor();
    await reach('f-content-occurred_at');
    await keys.type(twoDaysAgo());
    await reach('f-content-occurred_at-time');
    await keys.type('1430');
    await reach('f-content-place-province');
    await keys.type('bac ninh');
    await keys.press('ArrowDown');
    await keys.press('Enter');
    await reach('Tiếp tục');
    await keys.press('Enter');
    await step(page, 'Đơn vị khai báo').waitFor();
    await reach('f-content-reporter-name');
    await keys.press('Control+A');
    await keys.type('Công ty Xây lắp Sông Hồng');
    if (!(await isChosen(page, 'Ngành của cơ sở'))) {
      await reach('f-content-reporter-province');
      await keys.type('ha noi');
      await keys.press('ArrowDown');
      await keys.press('Enter');
      await reach('f-content-industry');
      await keys.type('xay dung');
      await keys.press('ArrowDown');
      await keys.press('Enter');
    }
    await reach('Tiếp tục');
    await keys.press('Enter');
    await step(page, 'Người bị nạn').waitFor();
    await reach('f-content-victims-0-name');
    await keys.type('Lê Thị Chi');
    await reach('f-content-victims-0-severity');
    await keys.press('Space');
    await reach('f-content-victims-0-died_on');
    await keys.type(twoDaysAgo());
    await reach('f-content-victims-0-employment');
    await keys.press('Space');
    await reach('f-content-victims-0-under_management');
    await keys.press('Space');
    await reach('Tiếp tục');
    await keys.press('Enter');
    await step(page, 'Diễn biến').waitFor();
    await reach('f-content-summary');
    await keys.type('Điện giật khi sửa tủ điện.');
    await reach('Tiếp tục');
    await keys.press('Enter');
    await step(page, 'Kiểm tra và gửi').waitFor();
    const sent = filing(page);
    await reach('Gửi khai báo');
    await keys.press('Enter');
    expect((await sent).status()).toBe(202);
    await page.waitForURL(/\/receipts\//);
    quiet();
    await context.close();
  });

  test('is kept on the device, opened again by its address, and goes back step by step', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: phone });
    await begin(page);
    await page.getByLabel('Nơi xảy ra, mô tả').fill('Kho hàng số 3');
    await page.waitForURL(/draft=/);
    await page.getByText('Chưa nộp.').waitFor();
    await page.getByRole('button', { name: 'Xem các bước' }).click();
    await page.getByRole('button', { name: 'Diễn biến' }).click();
    await step(page, 'Diễn biến').waitFor();
    await page.goBack();
    await step(page, 'Nơi và thời điểm').waitFor();
    await page.waitForTimeout(500);
    await page.reload();
    expect(await page.getByLabel('Nơi xảy ra, mô tả').inputValue()).toBe('Kho hàng số 3');
    await page.goto('/new/accident?draft=00000000-0000-4000-8000-000000000000');
    await page.getByText('Không có bản nháp này trên máy này.').waitFor();
    quiet();
    await context.close();
  });

  for (const language of ['vi', 'en'] as const) {
    test(`is accessible on every step (${language})`, async () => {
      const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: phone, language });
      await page.goto('/new/accident');
      await page.getByRole('radio').first().waitFor();
      await accessible(page);
      for (const s of ['place', 'unit', 'victims', 'event', 'check']) {
        await page.goto(`/new/accident?step=${s}`);
        await page.locator('.actions button').first().waitFor();
        await accessible(page);
        await noSideways(page);
      }
      quiet();
      await context.close();
    });
  }
});

describe('other reports', () => {
  test('are offered to those who file them', async () => {
    for (const [who, first, count] of [['enterprise', 'Khai báo tai nạn lao động', 8], ['labour_officer', undefined, undefined]] as const) {
      const { page, context, quiet } = await visit(browser, who, { viewport: phone });
      await page.goto('/new');
      const offered = page.locator('.cards a');
      await offered.first().waitFor();
      if (first) expect(await offered.first().textContent()).toBe(first);
      if (count) expect(await offered.count()).toBe(count);
      expect(await page.getByRole('link', { name: 'Khai báo tai nạn lao động' }).count()).toBe(who === 'enterprise' ? 1 : 0);
      await accessible(page);
      await noSideways(page);
      quiet();
      await context.close();
    }
  });

  test('can be filled in: every kind has a form without a fault', { timeout: 600_000 }, async () => {
    const { page, context, quiet } = await visit(browser, 'operator', { viewport: phone });
    for (const kind of Object.keys(makers).filter((k) => !['annex_xii', 'accident_declaration'].includes(k))) {
      await page.goto(addressOf(kind));
      await page.getByRole('button', { name: 'Kiểm tra và nộp' }).waitFor();
      for (const add of await page.getByRole('button', { name: /^Thêm: / }).all()) await add.click();
      await accessible(page);
      await noSideways(page);
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('button', { name: 'Check and file' }).waitFor();
      await accessible(page);
      expect(await page.locator('main').innerText(), kind).not.toMatch(/undefined|\[object/);
      await page.getByRole('button', { name: 'Tiếng Việt' }).click();
      await page.getByRole('button', { name: 'Kiểm tra và nộp' }).waitFor();
    }
    quiet();
    await context.close();
  });

  test('tell what is wrong at its field, and are filed once it is right', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: desktop });
    await page.goto('/new/technical_incident');
    await page.getByLabel('Ngày', { exact: true }).fill(twoDaysAgo());
    await page.getByLabel('Giờ', { exact: true }).fill('08:05');
    await page.getByRole('button', { name: 'Kiểm tra và nộp' }).click();
    const summary = page.locator('.aksel-error-summary');
    await summary.waitFor();
    for (const line of await summary.getByRole('link').allTextContents()) expect(await page.locator('.fill .finding').allTextContents()).toContain(line.trim());
    await accessible(page);
    await page.getByLabel('Tên người báo cáo *').fill('Công ty Xây lắp Sông Hồng');
    await choose(page, 'Tỉnh của trụ sở chính', 'ha noi', 'Hà Nội');
    await choose(page, 'Tỉnh nơi xảy ra', 'ha noi', 'Hà Nội');
    await choose(page, 'Ngành', 'xay dung', 'F. Xây dựng');
    await page.getByRole('combobox', { name: /thiết bị/i }).first().selectOption({ label: 'Thiết bị nâng' });
    await page.locator('#f-content-summary').fill('Cần trục tháp đổ khi nâng hàng, không có người bị thương.');
    // A warning has to be acknowledged before it is filed.
    await page.getByText('Không có lỗi. Còn 1 điều cần xác nhận.').waitFor();
    await page.getByRole('button', { name: 'Kiểm tra và nộp' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('warnings');
    await accessible(page);
    await page.getByLabel('Tôi đã kiểm tra, số liệu đúng').check();
    const sent = filing(page);
    await page.getByRole('button', { name: 'Kiểm tra và nộp' }).click();
    const answered = await sent;
    expect(answered.status()).toBe(202);
    const { report_id } = (await answered.json()) as { report_id: string };
    await expect.poll(() => status(page, report_id), { timeout: 30_000 }).toBe('stored');

    // What is on file is amended with a reason.
    await page.goto(`/new/technical_incident?report=${report_id}`);
    await page.getByText('Sửa báo cáo đã nộp: lần 2').waitFor();
    await page.locator('#f-content-evacuated').fill('1.200');
    await page.getByLabel('Lý do sửa *').fill('Bổ sung số người sơ tán.');
    await page.getByRole('button', { name: 'Kiểm tra và nộp' }).click();
    await page.getByLabel('Tôi đã kiểm tra, số liệu đúng').check();
    const again = filing(page);
    await page.getByRole('button', { name: 'Kiểm tra và nộp' }).click();
    expect((await again).status()).toBe(202);
    await expect.poll(async () => ((await (await page.request.get(`/v1/reports/${report_id}`)).json()) as { current_revision?: number }).current_revision, { timeout: 30_000 }).toBe(2);
    const filed = (await (await page.request.get(`/v1/reports/${report_id}/revisions/2`)).json()) as { submission: { content: { evacuated: number } } };
    expect(filed.submission.content.evacuated).toBe(1200);
    quiet();
    await context.close();
  });

  test('are made by the branch of the state that the platform says', async () => {
    for (const [kind, made] of Object.entries(branches)) {
      for (const authority of ['labour', 'health', 'insurance', 'inspection']) {
        const codes = await complaints(kind, { reporter: { type: 'authority', authority }, level: 'province' }, ['/content/reporter/authority', '/content/level']);
        expect(codes.some((c) => !c.startsWith('ENV')), `${kind} by ${authority}`).toBe(!made.includes(authority));
      }
    }
  });

  test('are made by whom the platform says', async () => {
    const types = ['establishment', 'commune', 'clinic', 'service_body', 'authority'];
    for (const [kind, made] of Object.entries(makers)) {
      for (const type of types) {
        const codes = await complaints(kind, { reporter: { type }, period: '2024H1' });
        expect(codes.includes('REP-008'), `${kind} by ${type}`).toBe(!made.includes(type as never));
        if (made.includes(type as never)) expect(codes.includes('REP-022'), `${kind} for a half-year`).toBe(yearly.has(kind));
      }
    }
  });
});

async function complaints(kind: string, content: unknown, at?: string[]): Promise<string[]> {
  const answered = await fetch(`${inject('base')}/v1/reports?dry_run=true`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${inject('tokens').operator}`, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ kind, content }),
  });
  return ((await answered.json()) as { errors?: { code: string; pointer: string }[] }).errors?.filter((f) => at === undefined || at.includes(f.pointer)).map((f) => f.code) ?? [];
}
