// What the program embeds of the page: nothing old, and packed wherever that pays.
//
//   node dist.mjs clean | pack
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = new URL('../dist/', import.meta.url).pathname;

function clean() {
  for (const name of readdirSync(folder)) {
    if (name !== '.gitignore') rmSync(join(folder, name), { recursive: true });
  }
}

function pack() {
  const packs = new Set(['.js', '.css', '.html', '.svg', '.webmanifest']);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !packs.has(extname(file))) continue;
    const data = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } }));
    rmSync(file);
  }
}

({ clean, pack })[process.argv[2]]();
