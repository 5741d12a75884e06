// A new release reaches a browser in use: offered, never imposed; nothing that was written is lost.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { release, versionOf } from './lib/build.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
const TRANSMISSION = 'Pour la personne qui viendra après vous';
let dist;
let relay;
let sonia;
let first;
let second;

before(async () => {
  dist = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-dist-'));
  fs.cpSync(process.env.LIAISON_DIST, dist, { recursive: true });
  first = versionOf(dist);
  relay = await Relay.start({ dist });
  sonia = await Device.of('sonia.haddad@liaison.demo', relay, { viewport: PHONE });
});

after(async () => {
  await sonia?.dispose();
  await relay?.stop();
  fs.rmSync(dist, { recursive: true, force: true });
});

const offer = () => sonia.page.locator('.banner').filter({ hasText: 'Une nouvelle version de Liaison est prête' });
const box = () => sonia.page.getByLabel(TRANSMISSION);
const entry = (text) => sonia.page.locator('.entry').filter({ hasText: text });
const running = () => sonia.page.locator('meta[name="liaison-build"]').getAttribute('content');

async function look() {
  await sonia.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
}

async function deploy(change) {
  const version = release(dist, change);
  await relay.kill();
  await relay.run();
  return version;
}

async function openTransmissions() {
  await sonia.page.locator('.list a').first().click();
  await sonia.page.getByRole('link', { name: 'Transmissions' }).click();
  await box().waitFor();
}

step('the first visit is not an update', async () => {
  await sonia.signIn();
  await sonia.readyForOffline();
  assert.equal(await running(), first);
  await sonia.page.reload();
  await openTransmissions();
  assert.equal(await offer().count(), 0);
});

step('a new release is offered while one types, and interrupts nothing', async () => {
  second = await deploy((index) => index.replace('<meta name="description"', '<meta name="release" content="deux"><meta name="description"'));
  await box().fill('Écrit sous l’ancienne version');
  await box().focus();
  await look();
  await offer().waitFor();
  await sonia.page.keyboard.type(', et terminé sous elle.');
  assert.equal(await box().inputValue(), 'Écrit sous l’ancienne version, et terminé sous elle.');
  assert.ok(await box().evaluate((field) => field === document.activeElement), 'the keyboard stays where it was');
  assert.equal(await running(), first);
  await shot(sonia, 'update-offered');
});

step('without network, the old version goes on, whole', async () => {
  sonia.line.cut();
  await box().fill('Pas encore parti.');
  await sonia.page.getByRole('button', { name: 'Transmettre' }).click();
  await entry('Pas encore parti.').filter({ hasText: 'sur ce téléphone' }).waitFor();
  await box().fill('Un brouillon.');
  await sonia.page.waitForTimeout(800);
  assert.equal(await running(), first);
});

step('one tap takes the new version, even without network: nothing is lost', async () => {
  await offer().getByRole('button', { name: 'Passer à la nouvelle version' }).click();
  await sonia.page.waitForFunction((version) => document.querySelector('meta[name="liaison-build"]')?.content === version, second);
  assert.equal(await sonia.page.locator('meta[name="release"]').getAttribute('content'), 'deux');
  await entry('Pas encore parti.').filter({ hasText: 'sur ce téléphone' }).waitFor();
  await sonia.page.waitForFunction(() => document.getElementById('transmission')?.value === 'Un brouillon.');
  assert.equal(await offer().count(), 0);
  sonia.line.mend();
  await entry('Pas encore parti.').filter({ hasText: 'au relais' }).waitFor();
});

step('the old version is gone from the device, and the new one starts without network', async () => {
  assert.deepEqual(await sonia.page.evaluate(() => caches.keys()), [`liaison-${second}`]);
  sonia.line.cut();
  await sonia.closeBrowser();
  await sonia.open();
  await sonia.unlock();
  await sonia.page.getByRole('heading', { name: 'Dossiers' }).waitFor();
  assert.equal(await running(), second);
  sonia.line.mend();
});

step('« Plus tard » is respected until the next start', async () => {
  const third = await deploy((index) => index.replace('content="deux"', 'content="trois"'));
  await look();
  await offer().getByRole('button', { name: 'Plus tard' }).click();
  await offer().waitFor({ state: 'detached' });
  await sonia.page.reload();
  await offer().waitFor();
  assert.equal(await running(), second);
  await offer().getByRole('button', { name: 'Passer à la nouvelle version' }).click();
  await sonia.page.waitForFunction((version) => document.querySelector('meta[name="liaison-build"]')?.content === version, third);
});

step('a release that arrives damaged is not taken', async () => {
  const third = await running();
  await deploy((index) => index.replace('content="trois"', 'content="quatre"'));
  fs.appendFileSync(path.join(dist, 'boot.js'), '\n// Not what the build says.\n');
  for (const packed of ['br', 'gz']) fs.rmSync(path.join(dist, `boot.js.${packed}`));
  const worker = path.join(dist, 'sw.js');
  const named = JSON.parse(fs.readFileSync(path.join(dist, 'build.json'), 'utf8')).precache.find(({ url }) => url === '/boot.js').hash;
  fs.writeFileSync(worker, fs.readFileSync(worker, 'utf8').replace(named, '0'.repeat(16)));
  for (const packed of ['br', 'gz']) fs.rmSync(`${worker}.${packed}`);
  await relay.kill();
  await relay.run();
  await look().catch(() => {});
  await sonia.page.waitForFunction(async () => {
    const { installing, waiting } = await navigator.serviceWorker.getRegistration();
    return !installing && !waiting;
  });
  assert.equal(await offer().count(), 0);
  await sonia.page.waitForFunction(async (only) => (await caches.keys()).join() === only, `liaison-${third}`);
  await sonia.page.reload();
  await sonia.page.getByRole('heading', { name: 'Dossiers' }).waitFor();
});

step('no page complained', () => assert.deepEqual(sonia.errors, []));
