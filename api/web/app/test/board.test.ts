import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accessible, launch, noSideways, phone, visit, type Person } from './browser';

// What whoever watches figures sees: the public page, the board, one target, who has not reported.

interface Item {
  target: { id: string };
  area: { code: string };
  definition: { id: string; headline: boolean };
  path: { kind: string } | null;
  verdict: string;
  current: { value: number | null; as_of: string | null };
  previous: { value: number | null };
  limit: { count: number } | null;
}

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

const vietnamese = (n: number) => new Intl.NumberFormat('vi-VN').format(n);
const words: Record<string, string> = { met: 'Đạt', not_met: 'Không đạt', not_assessable: 'Chưa đánh giá được' };

/** Asks the platform itself, as somebody or as nobody. */
async function ask<T>(path: string, who?: Person, headers: Record<string, string> = {}): Promise<T> {
  const answered = await fetch(`${inject('base')}${path}`, { headers: { ...(who ? { Authorization: `Bearer ${inject('tokens')[who]}` } : {}), ...headers } });
  if (!answered.ok) throw new Error(`${path}: ${answered.status} ${await answered.text()}`);
  return (await answered.json()) as T;
}

const attainment = async (query: string, who?: Person) => (await ask<{ items: Item[]; year: number }>(`/v1/attainment?${query}`, who)).items;

/** An id of an event: UUID of version 7 (RFC 9562). */
function eventId(): string {
  const now = Date.now().toString(16).padStart(12, '0');
  return `${now.slice(0, 8)}-${now.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Waits until what is asked holds; the last answer is in the failure. */
async function until<T>(asked: () => Promise<T>, holds: (got: T) => boolean, seconds = 30): Promise<T> {
  let got = await asked();
  for (let tries = 0; tries < seconds * 4 && !holds(got); tries++) {
    await pause(250);
    got = await asked();
  }
  if (!holds(got)) throw new Error(`still ${JSON.stringify(got)} after ${seconds} s`);
  return got;
}

describe('the public page', () => {
  it('answers in three sentences on the first screen of a phone, with the numbers of the closed year', async () => {
    const items = await attainment('area=VN');
    const head = (id: string) => items.find((i) => i.target.id === id && i.definition.headline)!;
    const deaths = items.find((i) => i.definition.id === 'deaths_count')!;
    const { page, context, quiet } = await visit(browser, undefined, { viewport: { width: 360, height: 640 } });
    await page.goto('/');
    for (const id of ['D31-1', 'D31-2', 'D31-3']) {
      const sentence = page.locator(`.sentences [data-target="${id}"]`);
      await sentence.waitFor();
      expect(await sentence.innerText()).toContain(vietnamese(head(id).current.value!));
      expect(await sentence.innerText()).toContain(words[head(id).verdict]!);
      const box = (await sentence.boundingBox())!;
      // The bar at the bottom covers the last of a phone's screen.
      const bar = (await page.locator('nav.bottom').boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(bar.y);
    }
    expect(await page.locator('.sentences [data-target="D31-1"]').innerText()).toContain(vietnamese(deaths.current.value!));
    await noSideways(page);
    quiet();
    await context.close();
  });

  it('finds a province by its name without marks, and keeps it in the address', async () => {
    const { page, context } = await visit(browser, undefined, { viewport: phone });
    await page.goto('/');
    await page.getByRole('button', { name: 'Xem tỉnh của bạn' }).click();
    await page.keyboard.type('da nang');
    await page.getByRole('button', { name: 'Đà Nẵng', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: /Đà Nẵng/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('area')).toBe('34:48');
    const [item] = await attainment('area=34:48&definition=fatal_accidents_count');
    expect(await page.locator('.sentences [data-target="D31-1"]').innerText()).toContain(vietnamese(item!.current.value!));
    await context.close();
  });

  it('has a map that arrow keys lead through and Enter opens', async () => {
    const { page, context } = await visit(browser, undefined);
    await page.goto('/');
    const map = page.locator('.tiles');
    await map.waitFor();
    expect(await map.locator('button').count()).toBe(34);
    expect(await map.locator('button[tabindex="0"]').count()).toBe(1);
    await map.locator('button[tabindex="0"]').focus();
    const focused = () => page.evaluate(() => document.activeElement?.querySelector('.visually-hidden')?.textContent ?? '');
    const begin = await focused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const there = await focused();
    expect(there).not.toBe(begin);
    const name = there.split(':')[0]!;
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: new RegExp(name) }).waitFor();
    await context.close();
  });

  it('maps a chosen province to the former list and says so', async () => {
    const { page, context } = await visit(browser, undefined);
    await page.goto('/?area=34:48');
    await page.locator('.tiles').waitFor();
    await page.getByRole('radio', { name: '63 tỉnh cũ' }).click();
    await page.locator('.geography .said', { hasText: 'Quảng Nam (cũ)' }).waitFor();
    expect(new URL(page.url()).searchParams.get('area')).toBe('63:48');
    await until(() => page.locator('.tiles button').count(), (n) => n === 63);
    await context.close();
  });
});

describe('the board', () => {
  const stamp = (page: Page) => page.locator('.stamp').innerText();

  it('shows the public what is closed, with verdict, limit and coverage of each target', async () => {
    const items = (await attainment('plan=D31&area=VN')).filter((i) => i.definition.headline);
    const { page, context, quiet } = await visit(browser, undefined);
    await page.goto('/attainment');
    await page.getByRole('heading', { level: 1, name: 'Có đạt Chỉ thị 31 không?' }).waitFor();
    for (const item of items) {
      const card = page.locator(`.target-card[data-target="${item.target.id}"]`);
      await card.waitFor();
      const said = await card.innerText();
      expect(said).toContain(words[item.verdict]!);
      expect(said).toContain(vietnamese(item.limit!.count));
      expect(said).toMatch(/Tỷ lệ báo cáo \d+,\d%/);
    }
    expect(await stamp(page)).toContain('đã chốt');
    expect(await page.getByRole('radio', { name: 'Hiện hành' }).count()).toBe(0);
    const met = (await attainment('target=D31-1&definition=fatal_accidents_count')).filter((i) => i.area.code !== 'VN' && i.verdict === 'met').length;
    await page.getByText(`${met} trong 34 tỉnh đạt`).waitFor();
    quiet();
    await context.close();
  });

  it('shows an officer his own province live, and the nation as closed', async () => {
    const { page, context } = await visit(browser, 'labour_officer');
    await page.goto('/attainment');
    await page.locator('.target-card').first().waitFor();
    await page.getByText(/^Hà Nội, năm/).waitFor();
    await page.getByText(/^Số liệu đến \d\d:\d\d$/).waitFor();
    expect(await page.locator('.stamp').count()).toBe(0);
    await page.goto('/attainment?area=VN');
    await page.getByText(/^Cả nước, năm/).waitFor();
    expect(await stamp(page)).toContain('đã chốt');
    expect(await page.locator('.live-mark').count()).toBe(0);
    await page.getByText('Số liệu hiện hành chỉ có cho địa bàn của bạn.').waitFor();
    await context.close();
  });

  it('moves when the severity of an accident is amended', async () => {
    // A province and a year where nobody else files.
    const [year, area] = [2026, '34:11'];
    const fatal = async () => (await attainment(`view=live&area=${area}&year=${year}&definition=fatal_accidents_count`, 'ministry'))[0]!.current.value;
    const before = (await fatal()) ?? 0;
    const report = eventId();
    // Its own hour and minute, so that it is not taken for another declaration of the same accident.
    const occurred = new Date(Date.UTC(2026, 2, 5, 1, Math.floor(Math.random() * 600))).toISOString().replace('.000Z', 'Z');
    const victim = (severity: 'serious' | 'dead', birth_year = '1990') => ({
      name: 'Người lao động thử', birth_year, sex: 'female', occupation: '7111', employment: 'contract', under_management: true, severity,
      ...(severity === 'dead' ? { died_on: '2026-03-07' } : { injuries: ['011'] }),
    });
    const file = async (revision: number, rest: object) => {
      const answered = await fetch(`${inject('base')}/v1/reports`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${inject('tokens').operator}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ kind: 'accident_declaration', report_id: report, revision, ...rest }),
      });
      expect([answered.status, await answered.text()]).toEqual([202, expect.any(String)]);
    };
    const content = (severity: 'serious' | 'dead') => ({
      reporter: { type: 'establishment', tax_code: '0100109106', name: 'Công ty thử bảng', address: 'Số 1', phone: '02438220000', province: { list: '34', code: '11' } },
      occurred_at: occurred,
      place: { province: { list: '34', code: '11' }, text: `Công trường ${report.slice(0, 8)}` },
      industry: { version: '2025', code: 'F' }, cause: '1', factor: { list: 'proposed_completion', code: '10' }, summary: 'Ngã từ giàn giáo khi tháo ván khuôn.',
      victims: [victim(severity), victim('serious', '1988')],
    });
    await file(1, { content: content('serious') });

    const { page, context } = await visit(browser, 'ministry');
    try {
      await page.goto(`/attainment?area=${area}&year=${year}`);
      const card = page.locator('.target-card[data-target="D31-1"]');
      await card.getByText(new RegExp(`nay (${before}|chưa có báo cáo)\\.`)).waitFor();
      await file(2, { reason: 'Nạn nhân đã chết do vết thương', content: content('dead') });
      await until(fatal, (n) => n === before + 1);
      // Nobody reloads: the board asks again by itself.
      await card.getByText(`nay ${before + 1}.`).waitFor({ timeout: 40_000 });
    } finally {
      await file(3, { reason: 'Báo cáo thử', withdrawn: true });
      await context.close();
    }
  });

  it('prints the figures with their moment and definitions, and nothing that is pressed', async () => {
    const { page, context } = await visit(browser, undefined);
    await page.goto('/attainment');
    await page.locator('.tiles').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.choices').isVisible()).toBe(false);
    expect(await page.locator('.stamp').isVisible()).toBe(true);
    expect(await page.locator('.tile').first().isVisible()).toBe(true);
    expect(await page.locator('.board .print-only').isVisible()).toBe(true);
    await context.close();
  });

  it('is a wall screen without menu and choices', async () => {
    const { page, context } = await visit(browser, undefined, { viewport: { width: 1920, height: 1080 } });
    await page.goto('/attainment?wall=1');
    await page.locator('.target-card').first().waitFor();
    expect(await page.locator('header.top, .choices, .bottom').count()).toBe(0);
    await noSideways(page);
    await context.close();
  });
});

describe('one target', () => {
  it('sets every definition beside its verdict, and says what is counted', async () => {
    const items = (await attainment('target=D31-1&area=VN')).filter((i) => i.path?.kind === 'yearly');
    const { page, context, quiet } = await visit(browser, undefined);
    await page.goto('/targets/D31-1');
    await page.locator('.definitions tbody tr').first().waitFor();
    const rows = await page.locator('.definitions tbody tr').allInnerTexts();
    expect(rows).toHaveLength(items.length);
    items.forEach((item, i) => expect(rows[i]).toContain(words[item.verdict]!));
    // Which reports are in is for those who may watch them.
    await page.getByText('Chỉ người có quyền').waitFor();
    expect(await page.getByRole('button', { name: 'Xem báo cáo được tính' }).count()).toBe(0);
    quiet();
    await context.close();
  });

  it('leads an officer to the reports that are counted', async () => {
    const { page, context } = await visit(browser, 'labour_officer');
    await page.goto('/targets/D31-1?area=34:01');
    await page.getByRole('button', { name: 'Xem báo cáo được tính' }).click();
    const first = page.getByRole('link', { name: /^Khai báo tai nạn …/ }).first();
    await first.waitFor();
    expect(await first.getAttribute('href')).toMatch(/^\/reports\/[0-9a-f-]{36}$/);
    await context.close();
  });
});

describe('who has not reported', () => {
  it('is counted and listed as the register has it, and can be downloaded whole', async () => {
    const list = await ask<{ counts: { state: string; obligations: number }[] }>('/v1/obligations?province=34:01&period=2025&limit=1', 'labour_officer', { 'Access-Purpose': 'operation' });
    const missing = list.counts.find((c) => c.state === 'missing')!.obligations;
    const { page, context, quiet } = await visit(browser, 'labour_officer');
    await page.goto('/missing?period=2025');
    await page.getByText(`${missing} báo cáo quá hạn chưa nộp`).waitFor();
    expect(await page.locator('.units tbody tr').count()).toBe(Math.min(50, missing));
    const loading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải danh sách' }).click();
    const file = readFileSync(await (await loading).path(), 'utf8').trim().split('\n');
    expect(file[0]).toContain('unit,');
    expect(file.length - 1).toBe(missing);
    await page.getByRole('button', { name: 'Trang sau' }).click();
    await until(() => page.locator('.units tbody tr').count(), (n) => n === missing - 50);
    expect(new URL(page.url()).searchParams.get('cursor')).toBeTruthy();
    await page.getByRole('button', { name: 'Trang trước' }).click();
    await until(() => page.locator('.units tbody tr').count(), (n) => n === 50);
    quiet();
    await context.close();
  });

  it('is not for the public', async () => {
    const { page, context } = await visit(browser, undefined);
    await page.goto('/missing');
    await page.getByText(/Cần đăng nhập|không được xem/).waitFor();
    await context.close();
  });
});

describe.concurrent('accessibility', () => {
  const views: [string, Person | undefined, string][] = [
    ['/', undefined, '.tiles'],
    ['/?geo=63&area=63:48', undefined, '.tiles'],
    ['/attainment', undefined, '.tiles'],
    ['/attainment?area=34:01', 'labour_officer', '.tiles'],
    ['/targets/D31-1', undefined, '.made'],
    ['/targets/D31-1?area=34:01', 'labour_officer', '.made'],
    ['/missing?period=2025', 'labour_officer', '.units'],
  ];
  it.each(views.flatMap((v) => (['vi', 'en'] as const).map((language) => [...v, language] as const)))('%s as %s (%s, %s)', async (path, who, there, language) => {
    for (const viewport of [phone, { width: 1280, height: 900 }]) {
      const { page, context, quiet } = await visit(browser, who, { viewport, language });
      await page.goto(path);
      await page.locator(there).first().waitFor();
      await accessible(page);
      await noSideways(page);
      quiet();
      await context.close();
    }
  });
});
