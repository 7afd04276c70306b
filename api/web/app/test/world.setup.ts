import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const program = fileURLToPath(new URL('../../../../bin/atvsld', import.meta.url));

/** Who signs in in the tests, and what the issuer of this machine says of him. */
const people = {
  enterprise: ['--role', 'enterprise', '--establishment', '0100109106'],
  // One that the register of the demonstration data has, with ten years of reports.
  registered: ['--role', 'enterprise', '--establishment', '1030389177'],
  labour_officer: ['--role', 'labour_officer', '--province', '34:01'],
  ministry: ['--role', 'ministry', '--province', 'VN'],
  inspector: ['--role', 'inspector', '--province', '34:01'],
} as const;

declare module 'vitest' {
  interface ProvidedContext {
    base: string;
    tokens: Record<keyof typeof people | 'operator', string>;
  }
}

/** Starts the program with its demonstration data, on a folder and a port of their own; or uses the
 *  one that ATVSLD_URL and ATVSLD_DATA name. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let child: ChildProcess | undefined;
  let folder = process.env.ATVSLD_DATA;
  let base = process.env.ATVSLD_URL;
  if (!base || !folder) {
    folder = mkdtempSync(join(tmpdir(), 'atvsld-page-'));
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    child = spawn(program, ['run', '--demonstration', '--data', folder, '--listen', `127.0.0.1:${port}`, '--log-level', 'error'], { stdio: 'inherit' });
  }
  await ready(base, child);
  const tokens = { operator: readFileSync(join(folder, 'keys/local-token'), 'utf8').trim() } as Record<keyof typeof people | 'operator', string>;
  for (const [name, claims] of Object.entries(people)) {
    tokens[name as keyof typeof people] = execFileSync(program, ['token', '--data', folder, '--subject', `test-${name}`, '--for', '8h', ...claims], { encoding: 'utf8' }).trim();
  }
  project.provide('base', base);
  project.provide('tokens', tokens);
  return async () => {
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

async function ready(base: string, child: ChildProcess | undefined): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (child?.exitCode != null) throw new Error(`the program ended with ${child.exitCode}`);
    const answered = await fetch(`${base}/readyz`).catch(() => undefined);
    if (answered?.ok) return;
    await pause(200);
  }
  throw new Error('the program was not ready within ten minutes');
}
