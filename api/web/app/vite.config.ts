import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';

// The platform that `vite` and `vite preview` hand their questions to while the page is worked on.
const platform = process.env.ATVSLD ?? 'http://127.0.0.1:8080';
const proxy = Object.fromEntries(
  ['/v1', '/session', '/sign-in', '/docs', '/openapi.json', '/web', '/readyz'].map((path) => [path, { target: platform }]),
);

export default defineConfig({
  resolve: { alias: { '#': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    react(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'worker.ts',
      injectRegister: false,
      manifest: false,
      injectManifest: { globPatterns: ['**/*.{js,css,html,svg,woff2}'] },
    }),
  ],
  build: {
    outDir: '../dist',
    emptyOutDir: false,
    // By it the program knows which files a view consists of.
    manifest: true,
    target: 'es2022',
    // Every file of a name with a digest may be kept for ever.
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What is needed together is one file: on a slow network many small ones wait for each other.
        codeSplitting: {
          groups: [
            // What is drawn before the page runs, and no more.
            { name: 'opening', test: /src\/opening\//, priority: 3 },
            { name: 'page', test: /src\/(main|routes|frame|language|drafts\/(Sender|Waiting|SignOut))/, priority: 2 },
            { name: 'kit', test: /@navikt\/ds-react\/esm\/(form\/(select|textfield)|toggle-group|read-more|tag|chips)\//, priority: 1 },
            { name: 'figures', test: /src\/figures\// },
            // A form begins with a question; fields, dates and sheets come with its steps.
            { name: 'question', test: /@navikt\/ds-react\/esm\/form\/(radio|fieldset)\// },
          ],
        },
      },
    },
  },
  server: { proxy },
  preview: { proxy },
  test: { environment: 'node' },
});
