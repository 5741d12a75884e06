// What a tab shows is never behind what is stored, whenever it was loaded and whoever stored it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TRANSMISSION, deviceOf, open, openFirst, says, status, value } from './lib/acts.mjs';
import { PHONE } from './lib/device.mjs';
import { readLate } from './lib/late.mjs';
import { takeOffTeam } from './lib/people.mjs';
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

test('what arrives while its dossier is being loaded is on the page', LIMIT, async (context) => {
  const { claire, julien, address } = await both(context);
  // The outbox is read while a dossier is being loaded.
  await julien.page.addInitScript(readLate, ['getAllKeys', 'outbox', '/client#']);
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

test('what is written in another tab while its dossier is being deleted is not deleted with it', LIMIT, async (context) => {
  const claire = await deviceOf(context, relay, 'claire.martin');
  const sonia = await deviceOf(context, relay, 'sonia.haddad', { viewport: PHONE });
  await Promise.all([claire.signIn(), sonia.signIn()]);
  const address = await openFirst(sonia);
  await status(sonia, /Tout est au relais/);
  const tab = await sonia.context.newPage();
  sonia.watch(tab);
  await tab.goto(`${sonia.line.url}${address}/transmissions`);
  await tab.getByLabel(TRANSMISSION).waitFor();
  await sonia.page.evaluate(readLate, ['getAll', 'uploads', '']);
  await takeOffTeam(claire, address, 'Sonia Haddad');
  // Nothing was owed: the tab that leads is about to delete the dossier. It is not told what is written in the other one.
  await sonia.page.waitForFunction(() => window.waiting > 0);
  await sonia.page.waitForTimeout(2000);
  await tab.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));
  await tab.getByLabel(TRANSMISSION).fill('Écrite au dernier moment.');
  await tab.getByRole('button', { name: 'Transmettre' }).click();
  await says(tab.locator('.entry').filter({ hasText: 'Écrite au dernier moment.' }), 'sur ce');
  await sonia.page.evaluate(() => window.letRead());
  await open(claire, `${address}/transmissions`);
  await says(claire.page.locator('.entry'), 'Écrite au dernier moment.', 40_000);
  const id = address.split('/').pop();
  while ((await keysOf(sonia.page, 'changes')).some((key) => key.startsWith(id))) await sonia.page.waitForTimeout(100);
  assert.deepEqual((await keysOf(sonia.page, 'outbox')).filter((key) => key.startsWith(id)), []);
});

test('what is written while a line of the list is being made is in it after a restart', LIMIT, async (context) => {
  const claire = await deviceOf(context, relay, 'claire.martin');
  await claire.signIn();
  const address = await openFirst(claire);
  await claire.go('/dossiers');
  await status(claire, /Tout est au relais/);
  const line = (nom) => claire.page.locator('.list__title').filter({ hasText: nom }).first().waitFor();
  const other = await claire.context.newPage();
  claire.watch(other);
  await other.goto(`${claire.line.url}${address}`);
  const nom = other.getByLabel('Nom', { exact: true });
  await nom.waitFor();
  await claire.page.evaluate(readLate, ['getAll', 'changes', `^${address.split('/')[2]}/$`]);
  await nom.fill('Aaaron');
  await nom.blur();
  await claire.page.waitForFunction(() => window.waiting > 0);
  await says(other.locator('.field', { has: nom }).locator('.receipt'), 'au relais');
  // The line is being made of this; what comes now is stored, and nobody is told.
  const had = (await keysOf(other, 'changes')).length;
  await other.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));
  await nom.fill('Aabel');
  await nom.blur();
  while ((await keysOf(other, 'changes')).length === had) await other.waitForTimeout(50);
  await other.close();
  await claire.page.evaluate(() => window.letRead());
  await line(/aaaron/i);
  await claire.go('/dossiers');
  await line(/aabel/i);
  assert.deepEqual(claire.errors, []);
});
