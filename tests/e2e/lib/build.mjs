// The next release, made from a build: index.html has other words, and every hash says so (xtask/src/hook/build.rs).
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

export const versionOf = (folder) => JSON.parse(fs.readFileSync(path.join(folder, 'build.json'), 'utf8')).version;

// What a first visit fetches of the build in this folder, in bytes: every file once, as the relay sends it.
export function firstVisit(folder) {
  const size = (url) => {
    const file = path.join(folder, url === '/' ? 'index.html' : url);
    return fs.statSync(fs.existsSync(`${file}.br`) ? `${file}.br` : file).size;
  };
  const { precache } = JSON.parse(read(folder, 'build.json'));
  return [...precache.map(({ url }) => url), '/sw.js'].reduce((sum, url) => sum + size(url), 0);
}

// Turns the build in this folder into another one. `change` gets the text of index.html and gives the new one.
export function release(folder, change) {
  const description = JSON.parse(read(folder, 'build.json'));
  const { version: old } = description;
  const version = hash(`after ${old}`);
  const index = change(read(folder, 'index.html').replaceAll(old, version));
  write(folder, 'index.html', index);
  const page = description.precache.find(({ url }) => url === '/');
  const before = page.hash;
  page.hash = hash(index);
  const worker = read(folder, 'sw.js');
  for (const part of [old, before]) {
    if (!worker.includes(part)) throw new Error(`sw.js does not name ${part}`);
  }
  write(folder, 'sw.js', worker.replaceAll(old, version).replaceAll(before, page.hash));
  write(folder, 'build.json', `${JSON.stringify({ ...description, version }, null, 2)}\n`);
  return version;
}

const hash = (content) => crypto.createHash('sha256').update(content).digest('hex').slice(0, 16);

const read = (folder, name) => fs.readFileSync(path.join(folder, name), 'utf8');

// The file, and what the relay sends of it to those who unpack it.
function write(folder, name, text) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(text));
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(text));
}
