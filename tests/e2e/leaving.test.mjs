// A dossier that leaves a phone leaves it whole, whatever else the phone is doing with it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { deviceOf, open, openFirst, says, status } from './lib/acts.mjs';
import { PHONE } from './lib/device.mjs';
import { readLate } from './lib/late.mjs';
import { button, takeOffTeam } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { keysOf } from './lib/vault.mjs';

const LIMIT = { timeout: 90_000 };
const NAME = 'Sonia Haddad';
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

// Sonia has a dossier open on her phone, Claire is at the office.
async function both(context) {
  const claire = await deviceOf(context, relay, 'claire.martin');
  const sonia = await deviceOf(context, relay, 'sonia.haddad', { viewport: PHONE });
  await Promise.all([claire.signIn(), sonia.signIn()]);
  const address = await openFirst(sonia);
  await status(sonia, /Tout est au relais/);
  return { claire, sonia, address, id: address.split('/').pop() };
}

const STORES = ['changes', 'outbox', 'stale', 'holdings', 'drafts', 'filed', 'uploads', 'summaries'];

// What is left of a dossier on a phone, by the name of its store.
async function left(device, id, stores = STORES) {
  const found = [];
  for (const store of stores) {
    const keys = await keysOf(device.page, store);
    found.push(...keys.filter((key) => key.includes(id)).map((key) => `${store} ${key}`));
  }
  return found;
}

async function gone(device, id, stores) {
  for (let tries = 0; (await left(device, id, stores)).length > 0; tries += 1) {
    assert.ok(tries < 200, `${await left(device, id, stores)}`);
    await device.page.waitForTimeout(200);
  }
}

const withdrawn = (device) => says(device.page.locator('.empty'), 'Ce dossier ne vous est plus confié', 40_000);

// Run in the page: puts a row of a document in its store, as if it were made smaller now.
async function putRow(document) {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('liaison-vault-')) continue;
    const database = await done(indexedDB.open(name));
    const changes = database.transaction('changes', 'readwrite').objectStore('changes');
    await done(changes.put(new Uint8Array(64), `${document}#${'ab'.repeat(32)}`));
    database.close();
  }
}

test('a snapshot that is put down while its dossier is being deleted goes with it', LIMIT, async (context) => {
  const { claire, sonia, address, id } = await both(context);
  // Among what is read of a dossier before it is deleted, its drafts come after its changes.
  await sonia.page.evaluate(readLate, ['getAllKeys', 'drafts', '']);
  await takeOffTeam(claire, address, NAME);
  await sonia.page.waitForFunction(() => window.waiting > 0);
  await sonia.page.evaluate(putRow, `${id}/journal/2026`);
  await sonia.page.evaluate(() => window.letRead());
  await withdrawn(sonia);
  assert.deepEqual(await left(sonia, id), []);
  assert.deepEqual(sonia.errors, []);
});

test('a piece of a file that comes after its dossier has left is not kept', LIMIT, async (context) => {
  const { claire, sonia, address, id } = await both(context);
  await open(claire, address);
  const chooser = claire.page.waitForEvent('filechooser');
  await button(claire, 'Ajouter une photo ou un fichier').click();
  const buffer = PNG.sync.write(new PNG({ width: 40, height: 30 }));
  await (await chooser).setFiles({ name: 'Plan.png', mimeType: 'image/png', buffer });
  const card = (device) => device.page.locator('.sheet__row').filter({ hasText: 'Plan' });
  await says(card(claire), 'au relais', 30_000);
  sonia.line.hold(/^\/api\/blobs\/.*\/0$/, 0);
  const asked = sonia.page.waitForRequest(/\/api\/blobs\/.*\/0$/);
  await card(sonia).getByRole('button', { name: 'Voir' }).click();
  await asked;
  await takeOffTeam(claire, address, NAME);
  await gone(sonia, id);
  const answered = sonia.page.waitForResponse(/\/api\/blobs\/.*\/0$/);
  sonia.line.letGo();
  assert.equal((await answered).status(), 200, 'asked for when it was hers');
  await sonia.page.waitForTimeout(1000);
  assert.deepEqual(await left(sonia, id), []);
  assert.deepEqual(await keysOf(sonia.page, 'files'), []);
  assert.deepEqual(sonia.errors, []);
});

test('a phone that goes out while a dossier leaves has no line of it when it is on again', LIMIT, async (context) => {
  const { claire, sonia, address, id } = await both(context);
  await sonia.readyForOffline();
  const lines = () => sonia.page.locator(`.list a[href="${address}"]`).count();
  await sonia.toList();
  assert.equal(await lines(), 1);
  await sonia.page.evaluate(() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function refusing(stores, mode, ...more) {
      if (mode === 'readwrite' && [].concat(stores).join() === 'summaries') {
        window.refused = true;
        throw new DOMException('the phone goes out', 'AbortError');
      }
      return begin.call(this, stores, mode, ...more);
    };
  });
  await takeOffTeam(claire, address, NAME);
  await gone(sonia, id, ['changes']);
  await sonia.page.waitForFunction(() => window.refused);
  await sonia.closeBrowser();
  await sonia.open();
  await sonia.unlock();
  await status(sonia, /Tout est au relais/);
  assert.equal(await lines(), 0);
  await sonia.go('/dossiers');
  await status(sonia, /Tout est au relais/);
  assert.equal(await lines(), 0);
});
