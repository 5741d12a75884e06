// Bad days of the device's own storage: full, refused, closed, taken over, erased. Each stands alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TRANSMISSION, banner, deviceOf, open, openFirst, says, status, value } from './lib/acts.mjs';
import { grantSpace, rememberConnections } from './lib/browser.mjs';
import { PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';

const LIMIT = { timeout: 90_000 };
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

const device = (...given) => deviceOf(given[0], relay, ...given.slice(1));

// The browser looks at its space at the start and then now and then: so it is gone before the start.
async function startWithoutSpace(device, address) {
  await device.closeBrowser();
  await device.open();
  await grantSpace(device, 1000);
  await device.unlock(address);
  await device.page.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
}

// What a newer version does in another tab; gives the number of changes it finds.
async function upgrade(device) {
  const newer = await device.context.newPage();
  await newer.goto(`${device.line.url}/manifest.webmanifest`);
  return newer.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => /^liaison-vault-/.test(name));
    const opening = indexedDB.open(name, 99);
    return new Promise((resolve, reject) => {
      opening.onblocked = () => reject(new Error('the old tab does not let go'));
      opening.onsuccess = () => {
        const count = opening.result.transaction('changes').objectStore('changes').count();
        count.onsuccess = () => resolve(count.result);
      };
    });
  });
}

test('no space left: said, kept on screen, stored by itself once there is space', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  const address = await openFirst(claire);
  await status(claire, /Tout est au relais/);
  await startWithoutSpace(claire, address);
  await claire.field('Note').fill('Écrit quand il n’y avait plus de place.');
  await says(claire.receipt('Note'), 'enregistrement…');
  await banner(claire, 'Plus de place sur cet appareil').waitFor();
  assert.equal(await claire.page.getByRole('button', { name: /Tout est au relais/ }).count(), 0, 'it is not');
  await shot(claire, 'trouble-full');
  await grantSpace(claire, null);
  await says(claire.receipt('Note'), 'au relais');
  await banner(claire, 'Plus de place').waitFor({ state: 'detached' });
  await claire.page.reload();
  await value(claire, 'besoins-note', 'Écrit quand il n’y avait plus de place.');
});

test('no space left for a draft: said too, and kept once there is space', LIMIT, async (context) => {
  const karim = await device(context, 'karim.benali', { viewport: PHONE });
  await karim.signIn();
  const address = await openFirst(karim);
  await startWithoutSpace(karim, `${address}/transmissions`);
  await karim.page.getByLabel(TRANSMISSION).fill('Un brouillon sans place.');
  await banner(karim, 'Plus de place sur cet appareil').waitFor();
  await grantSpace(karim, null);
  await banner(karim, 'Plus de place').waitFor({ state: 'detached' });
  await karim.page.reload();
  await value(karim, 'transmission', 'Un brouillon sans place.');
});

test('no database: a screen says so', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
  });
  await sonia.go('/dossiers');
  await sonia.page.getByRole('heading', { name: 'Ce navigateur n’enregistre pas' }).waitFor();
  await says(sonia.page.locator('main'), 'Rien n’a été perdu');
  await shot(sonia, 'trouble-no-database');
  const other = await sonia.context.newPage();
  sonia.watch(other);
  await other.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
  await other.goto(sonia.line.url);
  await other.getByRole('heading', { name: 'Ce navigateur n’enregistre pas' }).waitFor();
  assert.deepEqual(sonia.errors, []);
});

test('the system closes the database: opened again, nothing lost', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.context.addInitScript(rememberConnections);
  await claire.signIn();
  await openFirst(claire);
  await status(claire, /Tout est au relais/);
  for (const text of ['Écrit après la fermeture.', 'Écrit après la seconde fermeture.']) {
    await claire.page.evaluate(() => window.connections.forEach((connection) => connection.close()));
    await claire.field('Note').fill(text);
    await says(claire.receipt('Note'), 'au relais');
  }
  assert.equal(await claire.page.locator('.banner').count(), 0);
  await claire.page.reload();
  await value(claire, 'besoins-note', 'Écrit après la seconde fermeture.');
  assert.deepEqual(claire.errors, []);
});

test('a newer version in another tab: this one lets go and says so', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  const address = await openFirst(claire);
  await claire.field('Note').fill('Écrit avant la nouvelle version.');
  await says(claire.receipt('Note'), 'au relais');
  const rows = await upgrade(claire);
  assert.ok(rows > 0, 'what was stored stays');
  await claire.page.bringToFront();
  await claire.field('Note').fill('Écrit trop tard.');
  await banner(claire, 'Une version plus récente est ouverte dans un autre onglet').waitFor();
  await says(claire.receipt('Note'), 'enregistrement…');
  assert.equal(await claire.field('Note').inputValue(), 'Écrit trop tard.', 'it can still be copied');
  await shot(claire, 'trouble-superseded');
  const paul = await device(context, 'paul.bernard');
  await paul.signIn();
  await open(paul, address);
  await value(paul, 'besoins-note', 'Écrit avant la nouvelle version.');
});

test('a connection that was given up does not keep a newer version waiting', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  await openFirst(claire);
  await status(claire, /Tout est au relais/);
  await claire.page.evaluate(() => {
    // The system ends the next transaction that writes; its connection stays open.
    let left = 1;
    const commit = IDBTransaction.prototype.commit;
    IDBTransaction.prototype.commit = function ended() {
      left -= 1;
      return left < 0 ? commit.call(this) : this.abort();
    };
  });
  await claire.field('Note').fill('Écrit au second essai.');
  await says(claire.receipt('Note'), 'au relais');
  await upgrade(claire);
});

test('site data erased under an open page: nothing is half there after signing in again', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  const address = await openFirst(claire);
  await status(claire, /Tout est au relais/);
  const count = await claire.page.locator('.list a').count();
  const debug = await claire.context.newCDPSession(claire.page);
  await debug.send('Storage.clearDataForOrigin', { origin: claire.line.url, storageTypes: 'indexeddb' });
  await claire.field('Note').fill('Écrit après l’effacement.');
  await claire.page.waitForTimeout(2_000);
  const paul = await device(context, 'paul.bernard');
  await paul.signIn();
  await open(paul, address);
  await paul.field('Ville').fill('Vizille');
  await says(paul.receipt('Ville'), 'au relais');
  await claire.page.waitForTimeout(1_000);
  await claire.signIn();
  await claire.page.waitForFunction((count) => document.querySelectorAll('.list a').length === count, count);
  assert.equal(await claire.page.getByRole('link', { name: 'Sans nom' }).count(), 0);
});

test('a value that was tampered with is said, and nothing is shown in its place', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  await openFirst(claire);
  await status(claire, /Tout est au relais/);
  await claire.page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => /^liaison-vault-/.test(name));
    const opening = indexedDB.open(name);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const store = opening.result.transaction('summaries', 'readwrite', { durability: 'strict' }).objectStore('summaries');
    const keys = store.getAllKeys();
    const values = store.getAll();
    await new Promise((resolve) => (values.onsuccess = resolve));
    // Each whole and sealed under the right key: but at the place of another.
    store.put(values.result[0], keys.result[1]);
    store.put(values.result[1], keys.result[0]);
    await new Promise((resolve) => (store.transaction.oncomplete = resolve));
    opening.result.close();
  });
  await claire.page.reload();
  await claire.page.getByRole('heading', { name: 'Une partie de ce qui est sur cet appareil ne s’ouvre pas' }).waitFor();
  await says(claire.page.locator('main'), 'Rien n’est effacé');
});
