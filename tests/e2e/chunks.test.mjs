// The code of the office's pages: after the first visit, without being asked for, and then also without network.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { says } from './lib/acts.mjs';
import { release, versionOf } from './lib/build.mjs';
import { Device } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
const asked = [];
let dist;
let chunk;
let relay;
let claire;

before(async () => {
  dist = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-dist-'));
  fs.cpSync(process.env.LIAISON_DIST, dist, { recursive: true });
  chunk = JSON.parse(fs.readFileSync(path.join(dist, 'build.json'), 'utf8')).chunks.find(({ url }) => /bureau/.test(url)).url;
  relay = await Relay.start({ dist });
  claire = await Device.of('claire.martin@liaison.demo', relay);
  claire.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
});

after(async () => {
  await claire?.dispose();
  await relay?.stop();
  fs.rmSync(dist, { recursive: true, force: true });
});

const empty = () => claire.page.locator('.empty');

// Until the cache of this version has the chunk, or has lost it.
const kept = (version, wanted = true) =>
  claire.page.waitForFunction(
    async ([name, url, expected]) => Boolean(await (await caches.open(name)).match(url)) === expected,
    [`liaison-${version}`, chunk, wanted],
  );

const lose = (version) =>
  claire.page.evaluate(async ([name, url]) => (await caches.open(name)).delete(url), [`liaison-${version}`, chunk]);

step('the first visit does not wait for it, and keeps it afterwards', async () => {
  await claire.signIn();
  await kept(versionOf(dist));
  assert.ok(!asked.includes(chunk), 'the page did not fetch it');
});

step('a page that was never opened opens without network', async () => {
  claire.line.cut();
  await claire.page.getByRole('link', { name: 'Réglages' }).first().click();
  await claire.page.getByRole('heading', { name: 'Réglages' }).waitFor();
  await claire.go('/reglages/personnes');
  await says(empty(), 'Cette page a besoin du réseau');
});

step('where the browser has dropped it, that is said, and it comes with the network', async () => {
  await lose(versionOf(dist));
  await claire.go('/reglages/personnes');
  await says(empty(), 'Cette partie n’est pas encore sur cet appareil');
  await shot(claire, 'chunk-missing');
  await claire.page.getByRole('button', { name: 'Réessayer' }).click();
  await says(empty(), 'Cette partie n’est pas encore sur cet appareil');
  claire.line.mend();
  await claire.page.locator('.sheet__title').filter({ hasText: 'Sonia Haddad' }).waitFor({ timeout: 30_000 });
  await kept(versionOf(dist));
});

step('an update brings it before it is offered', async () => {
  const second = release(dist, (index) => index);
  await relay.kill();
  await relay.run();
  await claire.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  const offer = claire.page.locator('.banner').filter({ hasText: 'Une nouvelle version de Liaison est prête' });
  await offer.waitFor();
  await kept(second);
  await offer.getByRole('button', { name: 'Passer à la nouvelle version' }).click();
  await claire.page.waitForFunction((version) => document.querySelector('meta[name="liaison-build"]')?.content === version, second);
});

step('a relay that has another one gives none', async () => {
  for (const packed of ['', '.br', '.gz']) fs.rmSync(path.join(dist, chunk + packed));
  await relay.kill();
  await relay.run();
  await lose(versionOf(dist));
  await claire.go('/reglages/personnes');
  await says(empty(), 'Cette partie n’a pas pu être chargée');
  await claire.page.getByRole('link', { name: 'Dossiers' }).first().click();
  await claire.dossiers.waitFor();
});

step('only the missing code was complained about', () => {
  assert.deepEqual(claire.errors.filter((error) => !error.startsWith('TypeError: Failed to fetch')), []);
});
