// What a tab shows is never behind what is stored, whenever it was loaded and whoever stored it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deviceOf, open, openFirst, says, status, value } from './lib/acts.mjs';
import { Relay } from './lib/relay.mjs';
import { keysOf } from './lib/vault.mjs';

const LIMIT = { timeout: 90_000 };
const NOTE = 'besoins-note';
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

// Claire writes on her own device, Julien reads the same dossier.
async function both(context) {
  const [claire, julien] = await Promise.all(['claire.martin', 'julien.roche'].map((name) => deviceOf(context, relay, name)));
  await Promise.all([claire.signIn(), julien.signIn()]);
  const address = await openFirst(claire);
  await open(julien, address);
  await Promise.all([claire, julien].map((device) => status(device, /Tout est au relais/)));
  return { claire, julien, address };
}

// Writes the note, and waits until the other device has it in its store.
async function write(claire, text, page) {
  const had = (await keysOf(page, 'changes')).length;
  await claire.field('Note').fill(text);
  await claire.field('Note').blur();
  await says(claire.receipt('Note'), 'au relais');
  while ((await keysOf(page, 'changes')).length === had) await new Promise((resolve) => setTimeout(resolve, 50));
}

// Run before the page: what is read of the outbox while a dossier is being loaded comes only when the test lets it.
function readLate() {
  const { getAllKeys } = IDBObjectStore.prototype;
  const late = new WeakSet();
  const may = new Promise((resolve) => (window.letRead = resolve));
  window.waiting = 0;
  IDBObjectStore.prototype.getAllKeys = function kept(...given) {
    const request = getAllKeys.apply(this, given);
    if (this.name === 'outbox' && /\/client#/.test(given[0]?.lower)) {
      late.add(request);
      window.waiting += 1;
    }
    return request;
  };
  const { set } = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
  Object.defineProperty(IDBRequest.prototype, 'onsuccess', {
    set(listener) {
      set.call(this, listener && (async (event) => {
        if (late.has(this)) await may;
        listener.call(this, event);
      }));
    },
  });
}

test('what arrives while its dossier is being loaded is on the page', LIMIT, async (context) => {
  const { claire, julien, address } = await both(context);
  await julien.page.addInitScript(readLate);
  await julien.go(address);
  await julien.page.waitForFunction(() => window.waiting > 0);
  await write(claire, 'Écrite pendant le chargement.', julien.page);
  await julien.page.evaluate(() => window.letRead());
  await value(julien, NOTE, 'Écrite pendant le chargement.');
  assert.deepEqual(julien.errors, []);
});

test('a leader that ends between storing and telling: the tabs that were not told show it', LIMIT, async (context) => {
  const { claire, julien, address } = await both(context);
  const tabs = [await julien.context.newPage(), await julien.context.newPage()];
  for (const tab of tabs) {
    julien.watch(tab);
    await tab.goto(`${julien.line.url}${address}`);
    await tab.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
  }
  await julien.page.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));
  await write(claire, 'Rangée, mais pas dite.', tabs[0]);
  for (const tab of tabs) assert.notEqual(await tab.locator(`#${NOTE}`).inputValue(), 'Rangée, mais pas dite.');
  await julien.page.close();
  for (const page of tabs) await value({ page }, NOTE, 'Rangée, mais pas dite.');
  assert.deepEqual(julien.errors, []);
});
