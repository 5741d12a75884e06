// Runs the browser tests, one file after the other. Called by `npm test` with LIAISON_SERVER (the relay's
// executable), LIAISON_DIST (the built application) and CHROMIUM in the environment.
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import fs from 'node:fs';

for (const name of ['LIAISON_SERVER', 'LIAISON_DIST', 'CHROMIUM']) {
  if (!process.env[name]) throw new Error(`${name} is not set: run \`cargo xtask test\``);
}
const wanted = process.argv.slice(2);
const files = fs.readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.mjs'));
const chosen = files.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
run({ files: chosen.map((name) => `${import.meta.dirname}/${name}`), concurrency: 1, timeout: 600_000 })
  .on('test:fail', (test) => {
    if (!test.todo) process.exitCode = 1;
  })
  .compose(spec)
  .pipe(process.stdout);
