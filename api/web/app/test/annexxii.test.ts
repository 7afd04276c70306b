import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, desktop, launch, noSideways, phone, visit } from './browser';

const taxCode = '0100109106';
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

type Language = 'vi' | 'en';
type Receipt = { report_id: string; tracking_number: string; revision: number };
type Found = { code: string; severity: string; pointer: string; message: string; message_vi: string };

/** A period of which nothing is on file yet: others may have filed before this test. */
async function freePeriod(context: BrowserContext): Promise<string> {
  for (let year = 2025; year >= 2016; year--) {
    for (const period of [String(year), `${year}H1`]) {
      const answered = await context.request.get(`/v1/reports/draft?kind=annex_xii&tax_code=${taxCode}&period=${period}`);
      const draft = (await answered.json()) as { filed: unknown };
      if (draft.filed === null) return period;
    }
  }
  throw new Error('every period is on file');
}

async function question(page: Page, context: BrowserContext): Promise<string> {
  const period = await freePeriod(context);
  await page.goto(`/new/annex-xii?period=${period}`);
  await page.getByRole('radio', { name: /^(Không|No)$/ }).waitFor();
  return period;
}

async function next(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Tiếp tục|Continue)$/ }).click();
}

/** Puts in what the platform does not know of an establishment that never filed. */
async function head(page: Page, language: Language = 'vi'): Promise<void> {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en);
  await page.getByLabel(say('Tổng số lao động, bình quân trong kỳ', 'Workers, on average over the period')).fill('120');
  await page.getByLabel(say('Trong đó lao động nữ', 'Women among them')).fill('30');
  const name = page.getByLabel(say('Tên cơ sở', 'Name'), { exact: true });
  if (!(await name.isVisible())) return;
  await name.fill('Công ty A');
  await page.getByLabel(say('Tỉnh, thành phố của trụ sở chính', 'Province of the head office')).selectOption('34:01');
  await page.getByLabel(say('Ngành sản xuất, kinh doanh chính', 'Main industry')).selectOption({ index: 6 });
}

/** Presses the last button, confirming what is only a warning, until there is a receipt: an earlier
 *  report may have named the industry by a list that does not apply to this period. */
async function file(page: Page): Promise<Receipt> {
  const accepted = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/v1/reports') && r.status() === 202, { timeout: 90_000 });
  const id = new URL(page.url()).searchParams.get('draft')!;
  for (let tries = 0; tries < 3; tries++) {
    await page.getByRole('button', { name: 'Nộp báo cáo không có tai nạn' }).click();
    await page.waitForFunction((to) => location.pathname.endsWith(to) || document.activeElement?.id === 'annex-warnings', id);
    if (await page.evaluate(() => location.pathname.startsWith('/receipts/'))) return (await (await accepted).json()) as Receipt;
    for (const box of await page.locator('#annex-warnings').getByRole('checkbox').all()) await box.check();
    await page.locator('#annex-title').focus();
  }
  throw new Error('not filed');
}

/** Begins a report with accidents and goes to its third step. */
async function begin(page: Page, context: BrowserContext, how: 'Theo bảng' | 'Theo từng vụ'): Promise<void> {
  await question(page, context);
  await page.getByRole('radio', { name: 'Có', exact: true }).check();
  await page.getByRole('radio', { name: how }).check();
  await next(page);
  await page.waitForURL(/step=head/);
  await head(page);
  await next(page);
}

async function addRow(page: Page, label: string, code: string, button: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  if (label === 'Mã nghề nghiệp') await field.fill(code);
  else await field.selectOption(code);
  await page.getByRole('button', { name: button }).click();
}

async function rows(page: Page): Promise<void> {
  await addRow(page, 'Nguyên nhân chính', '3', 'Thêm nguyên nhân');
  await addRow(page, 'Yếu tố gây chấn thương', '7', 'Thêm yếu tố');
  await addRow(page, 'Mã nghề nghiệp', '7111', 'Thêm nghề nghiệp');
}

const cell = (page: Page, block: string, column: string) => page.getByRole('textbox', { name: new RegExp(`^${block.replace('.', '\\.')} .*: ${column}$`) });

/** Amends the nil report that was just filed: the next revision, with a reason. */
async function amend(page: Page, reportId: string): Promise<void> {
  await page.goto(`/new/annex-xii?report=${reportId}`);
  await page.getByLabel('Lý do sửa').waitFor();
  await next(page);
  await page.getByText('Nêu lý do sửa.').waitFor();
  await page.getByLabel('Lý do sửa').fill('Sửa số lao động');
  await next(page);
  await page.getByRole('heading', { name: 'Trong kỳ có tai nạn không?' }).waitFor();
  expect(await page.getByRole('radio', { name: 'Không', exact: true }).isChecked()).toBe(true);
  await next(page);
  await page.getByLabel('Tổng số lao động, bình quân trong kỳ').fill('121');
  await next(page);
  expect(await page.getByLabel('Lý do sửa').inputValue()).toBe('Sửa số lao động');
  expect(await file(page)).toMatchObject({ report_id: reportId, revision: 2 });
}

describe('Annex XII', () => {
  it('files a nil report in three screens, on a phone, to acceptance', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: phone });
    await question(page, context);
    await accessible(page);
    await noSideways(page);
    await page.getByRole('radio', { name: 'Không', exact: true }).check();
    await next(page);

    await page.getByText('Bước 2/3').waitFor();
    await head(page);
    await noSideways(page);
    await accessible(page);
    await next(page);

    await page.getByText('Bước 3/3').waitFor();
    await noSideways(page);
    await accessible(page);
    const receipt = await file(page);
    expect(receipt.tracking_number).toMatch(/^TN-/);
    const stored = await context.request.get(`/v1/reports/${receipt.report_id}`, { headers: { Prefer: 'wait=30', Receipt: receipt.tracking_number } });
    expect((await stored.json()) as object).toMatchObject({ state: 'stored', kind: 'annex_xii', withdrawn: false });
    await amend(page, receipt.report_id);
    quiet();
    await context.close();
  });

  it('files nothing before a warning is confirmed', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: phone });
    await question(page, context);
    await page.getByRole('radio', { name: 'Không', exact: true }).check();
    await next(page);
    await page.waitForURL(/step=head/);
    await head(page);
    await page.getByLabel('Tổng quỹ lương của kỳ (triệu đồng)').fill('99.000.000');
    await page.getByRole('button', { name: 'Xem các bước' }).click();
    await page.getByRole('link', { name: 'Kiểm tra và nộp' }).click();
    const warning = page.getByRole('region', { name: 'Cần xem lại' });
    await warning.getByText('(AXII-044)').first().waitFor();
    await page.getByRole('button', { name: 'Nộp báo cáo không có tai nạn' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('annex-warnings');
    await warning.getByRole('checkbox', { name: /số liệu đúng \(AXII-044\)/ }).check();
    await accessible(page);
    expect(page.url()).toContain('step=check');
    quiet();
    await context.close();
  });

  it('shows every finding at its cell and in the summary, in the platform’s words', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise');
    await begin(page, context, 'Theo bảng');
    await rows(page);
    for (const [block, column, value] of [
      ['1.1', 'Số vụ', '2'], ['1.1', 'Số người bị nạn', '3'], ['1.1', 'Số nữ', '4'],
      ['1.2', 'Số vụ', '1'], ['1.2', 'Số người bị nạn', '1'],
      ['1.3', 'Số vụ', '2'], ['1.3', 'Số người bị nạn', '2'], ['1.3', 'Số người chết', '1'],
    ] as const) {
      await cell(page, block, column).fill(value);
    }
    // What is unfinished is no error yet; what cannot be is told once its row is left.
    await page.getByText('1/2 · còn 1').waitFor();
    await expect.poll(() => page.locator('.annex-error').filter({ hasText: 'AXII-017' }).count()).toBe(1);
    expect(await page.locator('.annex-error').filter({ hasText: 'AXII-032' }).count()).toBe(0);

    await next(page);
    await next(page);
    await page.getByRole('heading', { name: 'Kiểm tra trước khi nộp' }).waitFor();
    const [dry] = await Promise.all([
      page.waitForResponse((r) => r.url().includes('dry_run=true')),
      page.getByRole('button', { name: 'Kiểm tra và nộp' }).click(),
    ]);
    const said = ((await dry.json()) as { errors: Found[] }).errors.filter((f) => f.severity === 'error');
    const items = page.locator('.aksel-error-summary li');
    await items.first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('.aksel-error-summary') !== null)).toBe(true);
    const summary = await items.allTextContents();
    expect(await page.locator('.aksel-error-summary__heading').textContent()).toBe(`Có ${summary.length} lỗi cần sửa`);
    await accessible(page);

    // A sum that is wrong only because its row is goes with the row; everything else is there, once.
    const told = new Set(summary.map((s) => s.replace(/^1\.\d [^:]*: /, '')));
    expect([...told].sort()).toEqual([...new Set(said.map((f) => `${f.message_vi} (${f.code})`))].sort());

    await items.filter({ hasText: 'AXII-017' }).getByRole('link').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('1.1 3. Tổ chức lao động không hợp lý: Số nữ');
    const atCells = (await page.locator('.annex-table .annex-message').allTextContents()).map((s) => s.trim());
    for (const words of told) expect(atCells).toContain(words);
    await accessible(page);
    quiet();
    await context.close();
  });

  it('computes the table from accidents so that nothing is wrong with it', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise', { viewport: phone });
    await begin(page, context, 'Theo từng vụ');
    for (const [cause, factor, severity] of [['3', '7', 'Bị thương nặng'], ['7', '10', 'Chết']] as const) {
      await page.getByRole('button', { name: 'Thêm vụ tai nạn' }).click();
      await page.getByLabel('Nguyên nhân chính').selectOption(cause);
      await page.getByLabel('Yếu tố gây chấn thương').selectOption(factor);
      await page.getByLabel('Mã nghề nghiệp').fill('7111');
      await page.getByRole('radio', { name: 'Nữ', exact: true }).check();
      await page.getByRole('radio', { name: severity }).check();
      await noSideways(page);
      await page.getByRole('button', { name: 'Xong vụ này' }).click();
    }
    await accessible(page);
    await page.getByText('Bảng I tính được').click();
    const one = page.getByRole('row', { name: /Tai nạn lao động/ }).first();
    expect(await one.getByRole('cell').allTextContents()).toEqual(['2', '1', '0', '2', '0', '2', '0', '1', '0', '1', '0']);
    await next(page);
    const dry = page.waitForResponse((r) => r.url().includes('dry_run=true') && r.request().postData()!.includes('"days_off":12'));
    await page.getByLabel('Số ngày nghỉ vì tai nạn').fill('12');
    expect((await dry).status()).toBe(200);
    await next(page);
    await noSideways(page);
    await accessible(page);
    quiet();
    await context.close();
  });

  it('pastes from a spreadsheet after a look at it, and takes it back once', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise');
    await begin(page, context, 'Theo bảng');
    await rows(page);
    const first = cell(page, '1.1', 'Số vụ');
    await first.fill('9');
    await first.evaluate((input) => {
      const data = new DataTransfer();
      data.setData('text/plain', '2\t1\t1\t3\n2\t1\t1\tba\n');
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Dán 7 ô?').first().waitFor();
    await dialog.getByText('“ba”').waitFor();
    expect(await dialog.getByRole('row', { name: /^Số vụ 9 2$/ }).count()).toBe(1);
    await accessible(page);
    await dialog.getByRole('button', { name: 'Dán' }).click();
    expect(await first.inputValue()).toBe('2');
    expect(await cell(page, '1.2', 'Số vụ').inputValue()).toBe('2');
    expect(await cell(page, '1.2', 'Số người bị nạn').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    expect(await first.inputValue()).toBe('9');
    expect(await cell(page, '1.2', 'Số vụ').inputValue()).toBe('');
    expect(await page.getByRole('button', { name: 'Hoàn tác' }).count()).toBe(0);
    quiet();
    await context.close();
  });

  it('can be filled in by keyboard alone', async () => {
    const { page, context, quiet } = await visit(browser, 'enterprise');
    await question(page, context);
    const tabTo = async (find: string) => {
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const e = document.activeElement as HTMLInputElement | null;
          return `${e?.labels?.[0]?.textContent ?? ''}|${e?.tagName === 'BUTTON' ? e.textContent : ''}`;
        });
        if (at.includes(find)) return;
      }
      throw new Error(`no way to ${find}`);
    };
    await tabTo('Không');
    await page.keyboard.press('ArrowDown'); // Có
    await tabTo('Theo bảng');
    await tabTo('Tiếp tục');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Cơ sở và lao động', level: 1 }).waitFor();
    await tabTo('Tổng số lao động');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('120');
    await tabTo('Tiếp tục');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bảng I: số vụ và số người bị nạn' }).waitFor();
    await tabTo('Nguyên nhân chính');
    await page.keyboard.type('3');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedCell(page)).toMatch(/^1\.1 3\. .*: Số vụ$/);
    await page.keyboard.type('2');
    await page.keyboard.press('Tab');
    expect(await focusedCell(page)).toMatch(/^1\.1 .*: Số vụ, có người chết$/);
    await page.keyboard.press('Enter');
    expect(await focusedCell(page)).toMatch(/^2 .*: Số vụ, có người chết$/);
    await page.keyboard.press('ArrowUp');
    expect(await focusedCell(page)).toMatch(/^1\.1 .*: Số vụ, có người chết$/);
    expect(await page.getByRole('row', { name: /^3 / }).getByRole('cell').first().textContent()).toBe('2');
    quiet();
    await context.close();
  });

  it('keeps what is typed and checks it without a network', async () => {
    const { page, context } = await visit(browser, 'enterprise');
    await begin(page, context, 'Theo bảng');
    await rows(page);
    await context.setOffline(true);
    await cell(page, '1.1', 'Số vụ').fill('1');
    await cell(page, '1.1', 'Số nữ').fill('2');
    await cell(page, '1.2', 'Số vụ').focus();
    await page.getByText('Số nữ (2) nhiều hơn tổng số (0).').waitFor();
    await page.getByText('Mất mạng. Bản nháp đã lưu trên máy này.').waitFor();
    await context.setOffline(false);
    await page.reload();
    await cell(page, '1.1', 'Số nữ').waitFor();
    expect(await cell(page, '1.1', 'Số nữ').inputValue()).toBe('2');
    await context.close();
  });

  for (const language of ['vi', 'en'] as const) {
    for (const viewport of [phone, desktop]) {
      it(`is accessible in ${language} at ${viewport.width} px, every step`, async () => {
        const { page, context, quiet } = await visit(browser, 'enterprise', { viewport, language });
        await page.goto('/new/annex-xii');
        await page.getByRole('button', { name: language === 'vi' ? 'Tiếp tục' : 'Continue' }).waitFor();
        await seen(page);
        await question(page, context);
        await page.getByRole('radio', { name: language === 'vi' ? 'Có' : 'Yes', exact: true }).check();
        await page.getByRole('radio', { name: language === 'vi' ? 'Theo bảng' : 'By table' }).check();
        await seen(page);
        await next(page);
        await page.waitForURL(/step=head/);
        await head(page, language);
        await seen(page);
        const address = page.url();
        for (const step of ['table', 'damage', 'check', 'question']) {
          await page.goto(address.replace('step=head', `step=${step}`));
          await page.locator('#annex-title').waitFor();
          await seen(page);
        }
        if (viewport === phone) {
          await page.goto(address.replace('step=head', 'step=row-1'));
          await page.locator('.annex-row-sheet').waitFor();
          await seen(page);
        }
        quiet();
        await context.close();
      });
    }
  }
});

const focusedCell = (page: Page): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

async function seen(page: Page): Promise<void> {
  await accessible(page);
  await noSideways(page);
}
