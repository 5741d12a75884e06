// The relay's disk breaks, and an older copy is put in its place, as docs/operations.md says: devices give back the rest.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { deviceOf, open, openFirst, says, status, transmit, value } from './lib/acts.mjs';
import { PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';

const LIMIT = { timeout: 120_000 };
const LATER = 'Écrit après la copie.';
const OFFLINE = 'Écrit pendant la panne.';
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

const file = (name) => path.join(relay.folder, name);

// What `.backup` makes: the store as it is between two transactions.
async function copy() {
  await relay.kill();
  for (const ending of ['', '-wal']) {
    if (fs.existsSync(file(`relay.db${ending}`))) fs.copyFileSync(file(`relay.db${ending}`), file(`copy.db${ending}`));
  }
  await relay.run();
}

// The store goes, the copy comes, the keyring stays.
async function restore() {
  await relay.kill();
  for (const ending of ['', '-wal', '-shm']) fs.rmSync(file(`relay.db${ending}`), { force: true });
  for (const ending of ['', '-wal']) {
    if (fs.existsSync(file(`copy.db${ending}`))) fs.renameSync(file(`copy.db${ending}`), file(`relay.db${ending}`));
  }
}

test('what was written after the copy comes back from the devices, also to one that is new', LIMIT, async (context) => {
  const claire = await deviceOf(context, relay, 'claire.martin');
  const sonia = await deviceOf(context, relay, 'sonia.haddad', { viewport: PHONE });
  for (const device of [claire, sonia]) await device.signIn();
  const address = await openFirst(sonia);
  await open(claire, address);
  await copy();
  await claire.field('Note').fill(LATER);
  await says(claire.receipt('Note'), 'au relais', 30_000);
  await sonia.page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(sonia, LATER);
  await says(sonia.page.locator('.entry').filter({ hasText: LATER }).locator('.receipt'), 'au relais', 30_000);
  await restore();
  for (const device of [claire, sonia]) device.line.cut();
  await transmit(sonia, OFFLINE);
  await relay.command(['new-epoch']);
  await relay.run();
  // Before they are back, the log is longer than it was: only its epoch tells that it is another.
  const paul = await deviceOf(context, relay, 'paul.bernard');
  await paul.signIn();
  await open(paul, address);
  await paul.field('Ville').waitFor();
  assert.notEqual(await paul.field('Note').inputValue(), LATER, 'the copy is older');
  await paul.page.getByRole('link', { name: 'Transmissions' }).click();
  for (let number = 1; number <= 8; number += 1) {
    await transmit(paul, `Sur la copie, ${number}.`);
    const entry = paul.page.locator('.entry').filter({ hasText: `Sur la copie, ${number}.` });
    await says(entry.locator('.receipt'), 'au relais', 30_000);
  }
  for (const device of [claire, sonia]) device.line.mend();
  for (const device of [claire, sonia]) await status(device, /Tout est au relais/, 40_000);
  for (const text of [LATER, OFFLINE]) {
    await says(paul.page.locator('.entry'), text);
    assert.equal(await paul.page.locator('.entry').filter({ hasText: text }).count(), 1, 'once');
  }
  await paul.page.getByRole('link', { name: 'Le client' }).click();
  await value(paul, 'besoins-note', LATER);
  for (const device of [claire, sonia, paul]) {
    assert.deepEqual(device.errors, []);
    assert.equal(await device.page.getByRole('button', { name: /refusé/ }).count(), 0);
  }
});
