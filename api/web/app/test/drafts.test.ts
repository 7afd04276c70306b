import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { uuidV7 } from '../src/drafts/draft';
import { accessible, launch, noSideways, phone, visit, type Person } from './browser';

// What is submitted without a network, what becomes of it, and what was filed.

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

type Json = Record<string, unknown>;

/** Asks the API itself, as somebody, and waits for what was filed to be stored. */
async function call<T = Json>(who: Person, address: string, body?: unknown): Promise<T> {
  const answered = await fetch(inject('base') + address, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${inject('tokens')[who]}`, 'Content-Type': 'application/json', Prefer: 'wait=20' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  expect(answered.status, await answered.clone().text()).toBeLessThan(300);
  return (await answered.json()) as T;
}

interface Filed {
  id: string;
  submission: Json & { content: Json };
}

/** Files an accident that nobody else has: only so may a test withdraw it. */
async function fileAccident(): Promise<Filed> {
  const id = uuidV7();
  const submission = {
    kind: 'accident_declaration',
    report_id: id,
    // Nobody died: what tests file moves no target.
    acknowledge: ['ACC-031'],
    content: {
      reporter: { type: 'establishment', tax_code: '0100109106', name: 'Công ty A', province: { list: '34', code: '01' } },
      occurred_at: '2026-01-05T14:30:00+07:00',
      place: { province: { list: '34', code: '01' }, text: 'Công trường' },
      industry: { version: '2025', code: 'F4210' },
      cause: '1',
      summary: `Ngã từ giàn giáo, ${id}.`,
      victims: [{ name: 'Nguyễn Văn An', birth_year: '1985', sex: 'male', occupation: '7111', employment: 'contract', under_management: true, severity: 'minor' }],
    },
  };
  await call('enterprise', '/v1/reports', submission);
  await call('enterprise', `/v1/reports/${id}`);
  return { id, submission };
}

async function amend({ id, submission }: Filed, reason: string, content: Json): Promise<void> {
  const { tracking_number } = await call<{ tracking_number: string }>('enterprise', '/v1/reports', { ...submission, revision: 2, reason, content: { ...submission.content, ...content } });
  await call('enterprise', `/v1/reports/${id}?tracking=${tracking_number}`);
}

const revisionsOf = async (id: string) => (await call<{ revisions: { revision: number }[] }>('enterprise', `/v1/reports/${id}`)).revisions.map((r) => r.revision);

/** The platform holds these revisions; what it took a moment ago is given time to be stored. */
const stored = (id: string, revisions: number[]) => expect.poll(() => revisionsOf(id), { timeout: 20_000 }).toEqual(revisions);

async function open(who: Person, address: string, options: Parameters<typeof visit>[2] = {}): Promise<{ page: Page; context: BrowserContext; quiet: () => void }> {
  const visited = await visit(browser, who, options);
  onTestFinished(() => visited.context.close());
  await visited.page.goto(address);
  return visited;
}

/** Fills in the withdrawal of the report that is shown, and submits it. */
async function withdraw(page: Page, reason: string): Promise<void> {
  // The place where it leads to is loaded while there is a network.
  await page.getByRole('link', { name: /^(Biên nhận|Receipt) TN-/ }).first().hover();
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: /^(Rút báo cáo|Withdraw)…$/ }).click();
  await page.getByLabel(/^(Lý do rút|Reason)/).fill(reason);
}
const confirm = (page: Page) => page.getByRole('dialog').getByRole('button', { name: /^(Rút báo cáo|Withdraw)$/ }).click();

/** Counts the answers of the platform to what was filed from a browser. */
function filings(context: BrowserContext) {
  const seen: { status: number; key: string | undefined; body: string | null }[] = [];
  context.on('response', (r) => {
    const request = r.request();
    if (request.method() === 'POST' && new URL(r.url()).pathname === '/v1/reports' && !r.url().includes('dry_run')) {
      seen.push({ status: r.status(), key: request.headers()['idempotency-key'], body: request.postData() });
    }
  });
  return seen;
}

const signIn = async (context: BrowserContext, who: Person) => {
  await context.request.post('/session', { form: { token: inject('tokens')[who], lang: 'vi' }, headers: { Origin: inject('base') }, maxRedirects: 0 });
};

const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const cut = (context: BrowserContext) => context.route('**/v1/reports', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));

describe('without a network', () => {
  it('opens forms that were never opened before', async () => {
    const { page, context } = await open('enterprise', '/owed', { viewport: phone });
    await title(page, 'Báo cáo cần nộp').waitFor();
    // The last list that is kept is the last word: the form's files come before it.
    const lists = Object.keys((await call<{ code_lists: Record<string, unknown> }>('enterprise', '/v1/dictionary')).code_lists).filter((l) => l !== 'rules');
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('atvsld-reference')).keys()).map((k) => new URL(k.url).pathname)), { timeout: 120_000 })
      .toEqual(expect.arrayContaining(lists.map((l) => `/v1/codelists/${l}`)));
    await context.setOffline(true);

    await page.goto('/new/accident');
    await page.getByLabel('Có', { exact: true }).check();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('heading', { level: 2, name: 'Nơi và thời điểm' }).waitFor();
    await page.getByRole('combobox', { name: 'Tỉnh, thành phố nơi xảy ra' }).fill('bac ninh');
    await page.getByRole('option', { name: 'Bắc Ninh' }).click();

    await page.goto('/new/annex-xii?period=2025H1');
    await page.getByRole('radio', { name: 'Không', exact: true }).check();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Tổng số lao động, bình quân trong kỳ').fill('12');

    await page.goto('/new');
    await page.getByRole('link', { name: 'Báo cáo công tác an toàn' }).click();
    await title(page, /Báo cáo công tác an toàn, vệ sinh lao động hằng năm/).waitFor();
    await page.getByLabel(/^Năm báo cáo/).waitFor();
  });

  it('keeps what was submitted, does not call it filed, and sends it once when the network returns', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`, { viewport: phone });
    const sent = filings(context);
    const second = await context.newPage();
    await second.goto('/owed');
    await withdraw(page, 'Mất mạng khi rút');
    await context.setOffline(true);
    await confirm(page);
    await title(page, 'Chưa nộp: đang chờ mạng').waitFor();
    expect(await page.getByText('Đã nhận').count()).toBe(0);
    await second.getByText('Chưa nộp: đang chờ mạng.').waitFor();
    await second.getByRole('heading', { name: 'Chưa nộp: đang chờ gửi' }).waitFor();
    expect(sent).toEqual([]);

    await context.setOffline(false);
    await title(page, 'Đã nhận yêu cầu rút báo cáo').waitFor();
    await second.getByText('Chưa nộp: đang chờ mạng.').waitFor({ state: 'detached' });
    await page.getByText('Đã lưu; báo cáo đã được rút').waitFor();
    expect(sent.map((s) => s.status)).toEqual([202]);
    await stored(id, [1, 2]);
  });

  it('sends what waits when the page is opened again, the very same bytes under the same key', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`);
    const tried: { key: string | undefined; body: string | null }[] = [];
    await context.route('**/v1/reports', (route) => {
      const request = route.request();
      if (request.method() !== 'POST') return route.continue();
      tried.push({ key: request.headers()['idempotency-key'], body: request.postData() });
      // The first is filed, but its answer is lost on the way.
      return tried.length > 1 ? route.continue() : route.fetch().then(() => route.abort());
    });
    await withdraw(page, 'Trả lời bị mất');
    await confirm(page);
    await title(page, 'Chưa nộp: đang chờ mạng').waitFor();
    const address = page.url();
    await page.close();
    const again = await context.newPage();
    await again.goto(address);
    await title(again, 'Đã nhận yêu cầu rút báo cáo').waitFor();
    expect(tried.length).toBe(2);
    expect(tried[1]).toEqual(tried[0]);
    await stored(id, [1, 2]);
  });

  it('comes again after the pause that a busy platform asks for', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`, { language: 'en' });
    const times: number[] = [];
    await context.route('**/v1/reports', (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      times.push(Date.now());
      if (times.length > 1) return route.continue();
      return route.fulfill({ status: 503, headers: { 'Retry-After': '3' }, contentType: 'application/problem+json', body: '{"title":"busy","status":503,"errors":[]}' });
    });
    await withdraw(page, 'busy');
    await confirm(page);
    await title(page, 'Not filed: the platform is busy').waitFor();
    // Being looked at is no reason to ask earlier.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await title(page, 'Withdrawal received').waitFor();
    expect(times.length).toBe(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(2900);
  });

  it('keeps what waits when the session has ended, and sends it when its owner is back', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`);
    await withdraw(page, 'Phiên hết');
    await context.clearCookies();
    await confirm(page);
    await page.getByText('Phiên đã hết, bản nháp vẫn còn.').first().waitFor();
    expect(await revisionsOf(id)).toEqual([1]);
    await signIn(context, 'enterprise');
    await page.goto('/owed');
    await stored(id, [1, 2]);
  });
});

describe('the page itself', () => {
  it('opens without a network once it was seen, with what the device holds, and takes a new start when there is one', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`, { viewport: phone });
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const sent = filings(context);
    await page.getByRole('button', { name: 'Rút báo cáo…' }).click();
    await page.getByLabel('Lý do rút').fill('Không có mạng');
    await context.setOffline(true);
    await confirm(page);
    // A view that was never opened before comes from the device.
    await title(page, 'Chưa nộp: đang chờ mạng').waitFor();
    await page.reload();
    await title(page, 'Chưa nộp: đang chờ mạng').waitFor();
    await page.goto('/owed');
    await page.getByRole('heading', { name: 'Chưa nộp: đang chờ gửi' }).waitFor();
    await page.getByText('Mất mạng.').waitFor();
    expect(sent).toEqual([]);
    await context.setOffline(false);
    await expect.poll(() => sent.map((s) => s.status), { timeout: 20_000 }).toEqual([202]);
    await stored(id, [1, 2]);
  });
});

describe('on a device that is shared', () => {
  it('shows and sends nobody what somebody else left, and keeps no name readable', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`);
    const secret = `Anh Nguyễn Văn Kín ${id}`;
    await cut(context);
    await withdraw(page, secret);
    await confirm(page);
    await title(page, 'Chưa nộp: đang chờ mạng').waitFor();
    const address = page.url();
    expect(await onDisk(page)).not.toContain('Nguyễn Văn Kín');
    expect(await onDisk(page)).toContain('waiting');

    await signIn(context, 'labour_officer');
    await context.unroute('**/v1/reports');
    const sent = filings(context);
    // The tab does not know yet who is signed in now, and must not file in his name.
    await page.getByRole('button', { name: 'Thử gửi ngay' }).click();
    await title(page, 'Không có biên nhận này trên máy').waitFor();
    await page.goto(address);
    await title(page, 'Không có biên nhận này trên máy').waitFor();
    expect(await page.getByText('Chưa nộp: đang chờ mạng').count()).toBe(0);
    await page.goto('/owed');
    await title(page, 'Báo cáo cần nộp').waitFor();
    expect(await page.getByText(/Chưa nộp:/).count()).toBe(0);
    expect(sent).toEqual([]);

    await signIn(context, 'enterprise');
    await page.goto(address);
    await title(page, 'Đã nhận yêu cầu rút báo cáo').waitFor();
    expect(sent.map((s) => s.status)).toEqual([202]);
  });

  it('is left without a trace if its holder says so', async () => {
    const { id } = await fileAccident();
    const { page, context } = await open('enterprise', `/reports/${id}`, { viewport: phone });
    await cut(context);
    await withdraw(page, 'Máy dùng chung');
    await confirm(page);
    await title(page, 'Chưa nộp: đang chờ mạng').waitFor();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Máy dùng chung').check();
    await dialog.getByText('1 báo cáo chưa nộp sẽ mất').waitFor();
    await accessible(page);
    await dialog.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByRole('link', { name: 'Đăng nhập' }).first().waitFor();
    await page.goto('/owed');
    await page.getByText('Cần đăng nhập').waitFor();
    expect(await onDisk(page)).not.toContain('waiting');
    expect(await revisionsOf(id)).toEqual([1]);
  });
});

/** All that the browser keeps of drafts, as somebody would read it who copies the disk. */
function onDisk(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open('atvsld-drafts');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const all = await new Promise<unknown[]>((resolve) => {
      const asked = db.transaction('drafts').objectStore('drafts').getAll();
      asked.onsuccess = () => resolve(asked.result as unknown[]);
    });
    db.close();
    const readable = (_: string, value: unknown) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
    return JSON.stringify(all, readable) + JSON.stringify(localStorage);
  });
}

describe('a filed report', () => {
  it('shows what an amendment changed, in words, and leads to the form', async () => {
    const filed = await fileAccident();
    await amend(filed, 'Nạn nhân bị thương nặng', { victims: [{ ...(filed.submission.content.victims as Json[])[0], severity: 'serious', injuries: ['011'] }] });
    for (const language of ['vi', 'en'] as const) {
      const { page, quiet } = await open('enterprise', `/reports/${filed.id}`, { viewport: phone, language });
      const vi = language === 'vi';
      const row = page.locator('.differences tr', { hasText: vi ? 'Mức độ' : 'Severity' });
      await row.waitFor();
      expect(await row.locator('.before').innerText()).toContain(vi ? 'Bị thương nhẹ' : 'Slightly injured');
      expect(await row.locator('.after').innerText()).toContain(vi ? 'Bị thương nặng' : 'Seriously injured');
      await page.getByText('Nạn nhân bị thương nặng').waitFor();
      expect(await page.locator('.revisions > li').count()).toBe(2);
      expect(await page.getByRole('link', { name: vi ? 'Sửa báo cáo' : 'Amend' }).getAttribute('href')).toBe(`/new/accident?report=${filed.id}`);
      await accessible(page);
      await noSideways(page);
      quiet();
    }
  });

  it('that was amended between is not withdrawn unseen', async () => {
    const filed = await fileAccident();
    const { page } = await open('enterprise', `/reports/${filed.id}`);
    await withdraw(page, 'Không biết đã sửa');
    await amend(filed, 'Sửa trước', { summary: 'Diễn biến khác.' });
    await confirm(page);
    await title(page, 'Chưa nộp: cần sửa').waitFor();
    await page.getByText(/Báo cáo vừa được sửa lúc \d\d:\d\d \d\d\/\d\d\/\d{4}\./).waitFor();
    await accessible(page);
    await page.getByRole('link', { name: 'Xem khác biệt' }).click();
    await page.locator('.differences').getByText('Diễn biến khác.').waitFor();
    await stored(filed.id, [1, 2]);
  });

  it('asks for a reason before it is withdrawn', async () => {
    const { id } = await fileAccident();
    const { page } = await open('enterprise', `/reports/${id}`, { viewport: phone });
    await page.getByRole('button', { name: 'Rút báo cáo…' }).click();
    await confirm(page);
    await page.getByText('Hãy nêu lý do.').waitFor();
    await accessible(page);
    await page.getByRole('button', { name: 'Không rút' }).click();
    expect(await revisionsOf(id)).toEqual([1]);
  });

  it('asks an officer why, and says so in the record', async () => {
    const { id } = await fileAccident();
    const { page } = await open('labour_officer', `/reports/${id}`);
    await title(page, 'Vì sao cần xem báo cáo này?').waitFor();
    await accessible(page);
    await page.getByLabel('Lý do').selectOption('inspection');
    await page.getByRole('button', { name: 'Xem báo cáo' }).click();
    await title(page, 'Các lần nộp').waitFor();
  });

  it('is found in the list, by kind', async () => {
    const { id } = await fileAccident();
    for (const [language, viewport] of [['vi', phone], ['en', undefined]] as const) {
      const { page, quiet } = await open('enterprise', '/reports', { viewport, language });
      await title(page, language === 'vi' ? 'Báo cáo đã nộp' : 'Filed reports').waitFor();
      await page.locator(`a[href^="/reports/${id}"]:visible`).waitFor();
      await accessible(page);
      await noSideways(page);
      await page.goto('/reports?kind=osh_report');
      await page.getByText(language === 'vi' ? 'Không có báo cáo nào cho lựa chọn này.' : 'There are no reports for this choice.').waitFor();
      quiet();
    }
  });

  it('is paged forth and back', async () => {
    const { page } = await open('operator', '/reports');
    const first = page.locator('tbody th a').first();
    const begin = await first.getAttribute('href');
    await page.getByRole('link', { name: 'Trang sau' }).click();
    await page.getByRole('link', { name: 'Trang trước' }).waitFor();
    await expect.poll(() => first.getAttribute('href')).not.toBe(begin);
    await page.getByRole('link', { name: 'Trang trước' }).click();
    await expect.poll(() => first.getAttribute('href')).toBe(begin);
  });
});

describe('a receipt', () => {
  it('is genuine, can be taken along and printed on one page', async () => {
    const { id } = await fileAccident();
    const { page, quiet } = await open('enterprise', `/reports/${id}`, { viewport: phone });
    await withdraw(page, 'Biên nhận');
    await confirm(page);
    await title(page, 'Đã nhận yêu cầu rút báo cáo').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Tải biên nhận' }).click()]);
    const receipt = JSON.parse(readFileSync(await download.path(), 'utf8')) as Json;
    expect(download.suggestedFilename()).toBe(`bien-nhan-${String(receipt.tracking_number)}.json`);
    expect(await call('operator', '/v1/receipts/verify', receipt)).toMatchObject({ genuine: true, receipt: { report_id: id, revision: 2 } });
    const check = new URL((await page.getByRole('link', { name: 'Kiểm tra biên nhận này' }).getAttribute('href'))!);
    expect(await call('operator', `/v1/receipts/verify${check.search}`)).toMatchObject({ genuine: true });
    expect(await page.getByRole('img', { name: /Mã QR/ }).isVisible()).toBe(true);
    await page.getByText('Đã lưu; báo cáo đã được rút').waitFor();
    await accessible(page);
    await noSideways(page);

    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Tải biên nhận' }).isVisible()).toBe(false);
    expect(await page.getByText(String(receipt.tracking_number)).isVisible()).toBe(true);
    expect(await page.getByRole('img', { name: /Mã QR/ }).isVisible()).toBe(true);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    quiet();
  });

  it('whose file lies elsewhere says what the platform knows', async () => {
    const { id } = await fileAccident();
    const { revisions } = await call<{ revisions: { tracking_number: string }[] }>('enterprise', `/v1/reports/${id}/history`);
    const { page } = await open('enterprise', `/receipts/${revisions[0]!.tracking_number}?report=${id}`, { language: 'en' });
    await title(page, 'Report received').waitFor();
    await page.getByText(/Stored$/).waitFor();
    await accessible(page);
  });
});

describe('what is owed', () => {
  it('says first what is overdue, by how much, and leads to the form', async () => {
    const { obligations } = await call<{ obligations: { unit: string; due_by: string; period: string }[] }>('operator', '/v1/obligations?province=34:01&kind=annex_xii&state=missing&limit=1');
    const { unit, period } = obligations[0]!;
    for (const [language, viewport] of [['vi', phone], ['en', undefined]] as const) {
      const { page, quiet } = await open('operator', `/owed?unit=${encodeURIComponent(unit)}`, { viewport, language });
      const row = page.getByRole('link', { name: language === 'vi' ? /Quá hạn \d+ ngày/ : /overdue/ }).first();
      await row.waitFor();
      const form = new URL((await page.locator(`a[href*="period=${period}"]`).first().getAttribute('href'))!, inject('base'));
      expect(form.pathname).toBe('/new/annex-xii');
      expect(form.searchParams.get('unit')).toBe(unit);
      expect(await page.getByRole('link', { name: language === 'vi' ? 'Khai báo tai nạn' : 'Report an accident' }).getAttribute('href')).toBe('/new/accident');
      await accessible(page);
      await noSideways(page);
      quiet();
    }
  });

  it('says so when the register does not know the unit', async () => {
    const { page } = await open('operator', '/owed?unit=0100109106%2Fno-such-place');
    await page.getByText('chưa có trong sổ đăng ký').waitFor();
  });
});
