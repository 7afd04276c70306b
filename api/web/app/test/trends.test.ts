import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, desktop, launch, noSideways, phone, visit } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Value {
  period: string;
  numerator: number;
  value: number;
  area: { code: string };
}

/** What the API answers to whoever the page is signed in as. */
async function asked<T>(page: Page, address: string): Promise<T> {
  const answered = await page.context().request.get(address);
  expect(answered.status(), address).toBe(200);
  return (await answered.json()) as T;
}

const vi = (n: number, digits = 0) => new Intl.NumberFormat('vi-VN', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n);
const drawing = (page: Page): Locator => page.locator('.drawing svg').first();

/** The cells of a table's column, by its heading. */
async function column(page: Page, head: string): Promise<string[]> {
  const heads = await page.locator('table thead th').allTextContents();
  const at = heads.findIndex((h) => h.startsWith(head));
  expect(at, `${head} of ${heads.join()}`).toBeGreaterThanOrEqual(0);
  return page.locator(`table tbody tr > *:nth-child(${at + 1})`).allTextContents();
}

describe('an inspector asks', () => {
  it('with the keyboard, and the address brings the question back', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto('/trends');
    await page.getByRole('heading', { level: 1, name: 'Số vụ tai nạn lao động chết người, 2016–2025' }).waitFor();
    await page.getByLabel('Tách theo').focus();
    // A native list takes the letter that its choice begins with.
    await page.keyboard.type('Nguyên');
    await page.getByRole('heading', { level: 1, name: /theo nguyên nhân, 2016–2025/ }).waitFor();
    await drawing(page).waitFor();
    await page.getByRole('radio', { name: 'Bảng' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('table').waitFor();
    expect(new URL(page.url()).search).toContain('by=cause');
    const table = page.getByRole('table');
    await table.getByText('Tổ chức lao động không hợp lý').waitFor();
    const told = await table.innerText();
    await page.reload();
    await table.waitFor();
    await expect.poll(() => table.innerText(), { timeout: 20_000 }).toBe(told);
    const series = await asked<{ values: (Value & { cause: string })[] }>(page, '/v1/indicators/N4/series?from=2016&to=2025&by=cause');
    expect(await column(page, '2025')).toEqual(series.values.filter((v) => v.period === '2025').map((v) => vi(v.value)));
    quiet();
    await context.close();
  });

  it('of one province by mouse, and is told what the API tells', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto('/trends');
    await page.getByLabel('Địa bàn').selectOption({ label: 'Hà Nội' });
    await page.getByRole('radio', { name: 'Bảng' }).click();
    await page.getByRole('table').waitFor();
    await page.getByRole('heading', { level: 1, name: /Hà Nội, 2016–2025/ }).waitFor();
    const series = await asked<{ values: Value[] }>(page, '/v1/indicators/N4/series?from=2016&to=2025&area=34:01');
    expect(await column(page, 'Giá trị')).toEqual(series.values.map((v) => vi(v.value)));
    const [first, last] = [series.values[0]!, series.values.at(-1)!];
    await page.getByText(`Hà Nội: ${vi(first.value)} (2016) → ${vi(last.value)} vụ (2025).`).waitFor();
    quiet();
    await context.close();
  });

  it('and takes the place along to the former provinces', async () => {
    const { page, context } = await visit(browser, 'inspector');
    await page.goto('/trends?area=34:31');
    await page.getByRole('heading', { level: 1, name: /Hải Phòng/ }).waitFor();
    await page.getByRole('radio', { name: '63 tỉnh cũ' }).click();
    await page.getByText('Hải Phòng (cũ) được chọn thay cho tỉnh mới. Các đơn vị cũ khác của tỉnh: Hải Dương (cũ).').waitFor();
    expect(new URL(page.url()).searchParams.get('area')).toBe('63:31');
    await context.close();
  });

  it.each([
    ['chart', 'thay đổi có thật không?', 'Tín hiệu'],
    ['funnel', 'tỉnh nào khác thường?', 'Vị trí'],
    ['ranking', 'xếp hạng các tỉnh', 'Hạng'],
    ['movers', 'thay đổi lớn nhất', 'Đã hiệu chỉnh'],
  ])('as a %s, with its table', async (form, title, head) => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto(`/trends?measure=A3&form=${form}`);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await drawing(page).waitFor();
    await page.getByRole('radio', { name: 'Bảng' }).click();
    await page.getByRole('table').waitFor();
    const cells = await column(page, head);
    expect(cells.length).toBe(form === 'chart' ? 10 : 34);
    if (form === 'ranking') expect(cells.map(Number)).toEqual([...cells.map(Number)].sort((a, b) => a - b));
    quiet();
    await context.close();
  });

  it('on the map, by arrow keys', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto('/trends?measure=A3&form=map');
    const series = await asked<{ values: Value[] }>(page, '/v1/indicators/A3/series?from=2025&to=2025&by=province');
    const hanoi = series.values.find((v) => v.area.code === '01')!;
    const tile = page.getByRole('button', { name: `Hà Nội: ${vi(hanoi.value, 2)}` });
    await tile.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Chi tiết: Hà Nội, 2025' }).waitFor();
    quiet();
    await context.close();
  });

  it('where a rate of provinces is not known, and reads why', async () => {
    const { page, context } = await visit(browser, 'inspector');
    await page.goto('/trends?measure=A1&form=funnel');
    await page.getByText('Chưa đánh giá được. Tai nạn chết người tính theo nơi xảy ra').waitFor();
    await context.close();
  });

  it('for a year without reports, and is told so', async () => {
    const { page, context } = await visit(browser, undefined);
    await page.goto('/trends?measure=N4&from=2026&to=2026');
    await page.getByText('Không có số liệu cho lựa chọn này.').waitFor();
    await page.getByRole('button', { name: 'Bỏ mọi điều kiện' }).click();
    await page.getByText(/Cả nước: .* \(2016\) → .* vụ \(2025\)/).waitFor();
    await context.close();
  });
});

describe('what leaves the page', () => {
  it('is the very answer as CSV, and a picture that says what it shows', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto('/trends?measure=N4&by=cause&from=2020');
    await drawing(page).waitFor();
    const take = async (name: string): Promise<string> => {
      await page.getByRole('button', { name: 'Tải về' }).click();
      const coming = page.waitForEvent('download');
      await page.getByRole('menuitem', { name }).click();
      return readFileSync((await (await coming).path())!, 'utf8');
    };
    const csv = await take('Số liệu CSV');
    const answered = await context.request.get('/v1/indicators/N4/series?from=2020&to=2025&by=cause&compare=base&base_year=2020', { headers: { Accept: 'text/csv' } });
    expect(csv).toBe(await answered.text());
    await page.getByRole('button', { name: 'Tải về' }).click();
    const sheetComing = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Số liệu Excel (XLSX)' }).click();
    const sheet = await sheetComing;
    expect(sheet.suggestedFilename()).toMatch(/^N4-series-cause-2020-2025\.xlsx$/);
    const accept = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const workbook = await context.request.get('/v1/indicators/N4/series?from=2020&to=2025&by=cause&compare=base&base_year=2020', { headers: { Accept: accept } });
    expect(workbook.headers()['content-type']).toContain(accept);
    expect(readFileSync((await sheet.path())!).equals(await workbook.body())).toBe(true);
    const svg = await take('Hình SVG');
    expect(svg).toContain('theo nguyên nhân, 2020–2025');
    expect(svg).toContain('Số liệu tại');
    expect(svg).toContain('/trends?measure=N4&amp;by=cause&amp;from=2020&amp;to=2025');
    await page.getByRole('button', { name: 'Tải về' }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Hình PNG' }).click();
    const png = readFileSync((await (await coming).path())!);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(20_000);
    quiet();
    await context.close();
  });
});

describe('what leaves the page in every way of looking', () => {
  it.each(['chart', 'ranking', 'map', 'funnel', 'movers'])('of a %s is CSV and a spreadsheet', async (form) => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto(`/trends?measure=A3&form=${form}`);
    const take = async (name: string): Promise<Buffer> => {
      await page.getByRole('button', { name: 'Tải về' }).click();
      const coming = page.waitForEvent('download');
      await page.getByRole('menuitem', { name }).click();
      return readFileSync((await (await coming).path())!);
    };
    expect((await take('Số liệu CSV')).toString().split('\n').length).toBeGreaterThan(5);
    expect((await take('Số liệu Excel (XLSX)')).subarray(0, 2).toString()).toBe('PK');
    quiet();
    await context.close();
  });
});

describe('from a figure to a record', () => {
  it('leads through the reports to one accident, after a reason', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto('/trends?measure=N4&area=34:01&table=1');
    await page.getByRole('button', { name: 'Chi tiết: Hà Nội, 2025' }).click();
    const counted = (await asked<{ sources: { counted: number }[] }>(page, '/v1/indicators/N4/explain?year=2025&area=34:01&view=live')).sources[0]!.counted;
    await page.getByRole('link', { name: `Xem ${vi(counted)} hồ sơ` }).click();
    await page.getByRole('heading', { level: 1, name: 'Hồ sơ của: Số vụ tai nạn lao động chết người, Hà Nội, 2025' }).waitFor();
    await page.getByRole('link', { name: /^Mở hồ sơ của/ }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Mở hồ sơ vụ tai nạn' }).waitFor();
    await page.getByRole('button', { name: 'Mở hồ sơ' }).click();
    await page.getByText('Chọn một lý do.').waitFor();
    await page.getByLabel('Thanh tra, kiểm tra').check();
    await page.getByLabel(/^Số quyết định/).fill('QD-12/2025');
    const question = page.waitForRequest((r) => r.url().includes('/v1/accidents/'));
    await page.getByRole('button', { name: 'Mở hồ sơ' }).click();
    expect((await question).headers()['access-purpose']).toBe('inspection; QD-12/2025');
    await page.getByRole('heading', { level: 1, name: /^Tai nạn chết người ngày .*, Hà Nội$/ }).waitFor();
    await page.getByText('Lượt xem được ghi lại. Lý do: Thanh tra, kiểm tra, QD-12/2025.').waitFor();
    await page.getByRole('heading', { name: 'Nạn nhân' }).waitFor();
    quiet();
    await context.close();
  });

  it('shows the clock of an investigation as the API reads it', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector');
    await page.goto('/records');
    await page.getByRole('button', { name: /Công bố trễ hạn/ }).click();
    await page.waitForURL(/state=published_late/);
    const late = await asked<{ investigations: { accident_id: string; clock: { days_left: number; limit_days: number } }[] }>(page, '/v1/investigations?state=published_late&limit=25');
    const rows = page.locator('table tbody tr');
    await expect.poll(() => rows.count()).toBe(late.investigations.length);
    const first = late.investigations[0]!;
    await rows.first().getByText(`Công bố trễ hạn, quá ${vi(-first.clock.days_left)} ngày`).waitFor();
    await rows.first().getByRole('link').click();
    await page.getByLabel('Điều tra tai nạn, bệnh nghề nghiệp').check();
    await page.getByRole('button', { name: 'Mở hồ sơ' }).click();
    await page.getByText(`Giới hạn ${first.clock.limit_days} ngày`).first().waitFor();
    await page.getByRole('heading', { name: 'Diễn biến' }).waitFor();
    const tab = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Báo cáo nhanh (bản in)' }).click();
    await (await tab).getByRole('heading', { name: 'BÁO CÁO NHANH VỀ VỤ TAI NẠN LAO ĐỘNG' }).waitFor();
    quiet();
    await context.close();
  });
});

describe('the public', () => {
  it('sees closed figures alone, and no way to records', async () => {
    const { page, context, quiet } = await visit(browser, undefined);
    await page.goto('/trends?area=34:01&table=1');
    await page.getByRole('table').waitFor();
    await page.getByText('Số liệu đã chốt').first().waitFor();
    expect(await page.getByLabel('Số liệu', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Chi tiết: Hà Nội, 2025' }).click();
    await page.getByRole('group', { name: 'Chi tiết: Hà Nội, 2025' }).waitFor();
    expect(await page.getByRole('link', { name: /^Xem .* hồ sơ$/ }).count()).toBe(0);
    quiet();
    await page.goto('/records/019b6c41-0880-7807-830f-2b4f2fd26327');
    await page.getByText('Cần đăng nhập để xem mục này.').waitFor();
    await context.close();
  });
});

describe.concurrent.each(['vi', 'en'] as const)('anybody can use it (%s)', (language) => {
  it.each(['/trends', '/trends?by=cause', '/trends?measure=A3&form=chart', '/trends?measure=A3&form=funnel', '/trends?measure=A3&form=ranking', '/trends?measure=A3&form=map', '/trends?measure=N4&form=movers', '/trends?area=34:11', '/trends?by=cause&table=1', '/records', '/records?measure=N4&year=2025&province=34:01'])(
    '%s',
    async (address) => {
      for (const viewport of [desktop, phone]) {
        const { page, context, quiet } = await visit(browser, 'inspector', { viewport, language });
        await page.goto(address);
        await page.locator('.drawing svg, .tilemap, table').first().waitFor();
        await noSideways(page);
        await accessible(page);
        quiet();
        await context.close();
      }
    },
  );

  it('a record, its reason and the sheet of a phone', async () => {
    const { page, context, quiet } = await visit(browser, 'inspector', { viewport: phone, language });
    await page.goto('/trends');
    await page.getByRole('button', { name: language === 'vi' ? 'Đổi lựa chọn' : 'Change the choice' }).click();
    await page.getByRole('dialog').waitFor();
    await accessible(page);
    await page.getByRole('dialog').getByRole('button').last().click();
    await page.locator('dialog').waitFor({ state: 'hidden' });
    const { investigations } = await asked<{ investigations: { accident_id: string }[] }>(page, '/v1/investigations?limit=1');
    await page.goto(`/records/${investigations[0]!.accident_id}`);
    await page.getByRole('radio').first().waitFor();
    await accessible(page);
    await page.getByRole('radio').first().check();
    await page.locator('form button[type=submit]').last().click();
    await page.locator('.timeline').waitFor();
    await noSideways(page);
    await accessible(page);
    quiet();
    await context.close();
  });
});
