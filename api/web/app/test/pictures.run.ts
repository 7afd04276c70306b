import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { desktop, launch, phone, visit, type Person } from './browser';

// The README's pictures: every view of the real program, on a phone and on a desktop. `make pictures`.

const folder = fileURLToPath(new URL('../../../../docs/pictures/', import.meta.url));

const views: [name: string, path: string, who?: Person][] = [
  ['public', '/'],
  ['verify', '/verify'],
  ['rules', '/rules'],
  ['dictionary', '/dictionary'],
  ['owed', '/owed', 'registered'],
  ['choose', '/new', 'enterprise'],
  ['accident', '/new/accident', 'enterprise'],
  ['annex-xii', '/new/annex-xii?period=2026H1', 'registered'],
  ['reports', '/reports', 'registered'],
  ['attainment', '/attainment', 'ministry'],
  ['target', '/targets/D31-1', 'ministry'],
  ['missing', '/missing', 'labour_officer'],
  ['trends', '/trends', 'inspector'],
  ['records', '/records', 'inspector'],
];

test('pictures', { timeout: 900_000 }, async () => {
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  for (const [name, path, who] of views) {
    for (const [device, viewport] of [
      ['phone', phone],
      ['desktop', desktop],
    ] as const) {
      const { page, context } = await visit(browser, who, { viewport });
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(800);
      await page.screenshot({ path: `${folder}${name}-${device}.png` });
      await context.close();
    }
  }
  await browser.close();
});
