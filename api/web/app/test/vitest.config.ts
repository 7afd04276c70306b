import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests of the page in a real browser, against the real program on its real engines. One program
// serves all of them, so they run one after the other.
export default defineConfig({
  resolve: { alias: { '#': fileURLToPath(new URL('../src', import.meta.url)) } },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    // Speed and pictures are runs of their own: they judge nothing.
    include: [process.env.ATVSLD_RUN ?? '**/*.test.ts'],
    globalSetup: ['./world.setup.ts'],
    fileParallelism: false,
    maxConcurrency: 3,
    testTimeout: 240_000,
    hookTimeout: 480_000,
  },
});
