// Each phone holds only what its owner may see, and loses it when that ends: invited by QR code, a code on the phone,
// a dossier that comes and goes, a lost phone that forgets everything. Each step stands on the one before.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { TRANSMISSION, open, says, status, transmit } from './lib/acts.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { filesWith } from './lib/disk.mjs';
import { accept, button, inside, invite, putOnTeam, scan, takeOffTeam } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const NAME = 'Inès Marchetti';
const EMAIL = 'ines.marchetti@liaison.demo';
const PHRASE = 'quatre mots sans rapport';
const CLIENT = 'Wierzbickayan';
const WRITTEN = 'Les comprimés sont dans le tiroir de gauche';
const LATE = 'Écrit après le retrait, sans réseau';
const step = story();
let relay;
let claire;
let helene;
let phone;
let dossier;
let token;

before(async () => {
  relay = await Relay.start();
  claire = await Device.of('claire.martin@liaison.demo', relay);
  helene = await Device.of('helene.vasseur@liaison.demo', relay);
  phone = await Device.of(EMAIL, relay, { viewport: PHONE });
});

after(async () => {
  for (const device of [claire, helene, phone]) await device?.dispose();
  await relay?.stop();
});

const listed = (device, name) => device.page.getByRole('link', { name: new RegExp(name, 'i') });

// Every row of every database of the page: keys, and the bytes of values.
const rows = (device) =>
  device.page.evaluate(async () => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const keys = await done(database.transaction(store).objectStore(store).getAllKeys());
        found.push(...keys.map((key) => `${name}/${store}/${key}`));
      }
      database.close();
    }
    return found;
  });

step('the office opens a dossier', async () => {
  await claire.signIn();
  const { page } = claire;
  await page.keyboard.press('n');
  await page.getByLabel('Prénom').fill('Zdzisława');
  await page.getByLabel('Nom', { exact: true }).fill(CLIENT);
  await page.getByLabel('Téléphone', { exact: true }).fill('06 39 98 77 01');
  await page.getByLabel('Ce que la personne demande').fill('Aide au lever.');
  await page.getByLabel('Ville').fill('Theys');
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await page.getByRole('heading', { name: new RegExp(CLIENT, 'i') }).waitFor();
  dossier = new URL(page.url()).pathname;
});

step('Inès is invited; her phone reads the QR code on the office’s screen', async () => {
  token = await invite(claire, NAME, EMAIL, 'Intervenant');
  await shot(claire, 'invitation-qr');
  const link = await scan(claire);
  assert.equal(link, `${claire.line.url}/invitation#${token}`);
  await accept(phone, link.split('#')[1], PHRASE);
  await shot(phone, 'enrol-code');
  await inside(phone);
});

step('she holds nothing before she is on a team', async () => {
  await status(phone, /Tout est au relais/);
  assert.equal(await listed(phone, CLIENT).count(), 0);
  assert.equal(await phone.page.locator('.list a').count(), 0, 'the agency has other dossiers, she has none');
  await shot(phone, 'phone-nothing-yet');
});

step('put on the team, the dossier comes to her phone, and only that one', async () => {
  await putOnTeam(claire, dossier, NAME);
  await listed(phone, CLIENT).waitFor();
  assert.equal(await phone.page.locator('.list a').count(), 1);
  await shot(phone, 'phone-one-dossier');
  const held = await rows(phone);
  assert.ok(held.some((row) => row.includes(dossier.split('/').pop())), 'the search of the database finds it');
  assert.ok(held.every((row) => !/\/(relation|administratif)/.test(row)));
});

step('without network and after a restart, her code opens it', async () => {
  await phone.readyForOffline();
  await open(phone, `${dossier}/transmissions`);
  await transmit(phone, WRITTEN);
  await says(phone.page.locator('.entry .receipt'), 'au relais');
  phone.line.cut();
  await phone.closeBrowser();
  await phone.open();
  await phone.unlock();
  await listed(phone, CLIENT).click();
  await phone.page.getByRole('heading', { name: new RegExp(CLIENT, 'i') }).waitFor();
});

step('nothing of it can be read on her phone’s disk, nor on the relay’s', async () => {
  const marker = `marque en clair : ${CLIENT.split('').reverse().join('')}é`;
  await phone.page.evaluate(async (text) => {
    const request = indexedDB.open('marque', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('marque').put(text, 'marque');
    await new Promise((resolve) => (request.onsuccess = resolve));
    request.result.close();
  }, marker);
  await phone.closeBrowser();
  assert.ok(filesWith(phone.profile, marker).length > 0, 'the search finds what is not sealed');
  for (const text of [CLIENT, CLIENT.toUpperCase(), 'Zdzis', WRITTEN]) {
    assert.deepEqual(filesWith(phone.profile, text), [], text);
    assert.deepEqual(filesWith(relay.folder, text), [], `${text} on the relay`);
  }
  assert.ok(filesWith(relay.folder, 'claire.martin@liaison.demo').length > 0, 'the search of the relay finds what is not sealed');
  await phone.open();
  await phone.unlock(dossier);
});

step('taken off the team while her phone is away, she goes on writing', async () => {
  await takeOffTeam(claire, dossier, NAME);
  await phone.page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(phone, LATE);
  await says(phone.page.locator('.entry').filter({ hasText: LATE }), 'sur ce téléphone');
});

step('at the next contact what she owed is with the office, and the dossier is gone', async () => {
  phone.line.mend();
  await says(phone.page.locator('.empty'), 'Ce dossier ne vous est plus confié', 40_000);
  await says(phone.page.locator('.banner'), 'attend la décision');
  await shot(phone, 'phone-withdrawn');
  await phone.go('/dossiers');
  await status(phone, /Tout est au relais/);
  assert.equal(await phone.page.locator('.list a').count(), 0);
  const id = dossier.split('/').pop();
  assert.deepEqual((await rows(phone)).filter((row) => row.includes(id)), []);
  await phone.page.reload();
  assert.equal(await listed(phone, CLIENT).count(), 0);
});

step('the office reads what came late and takes it into the dossier', async () => {
  await open(claire, `${dossier}/transmissions`);
  assert.equal(await claire.page.locator('.entry').filter({ hasText: LATE }).count(), 0, 'not merged by itself');
  await claire.go('/reglages/relire');
  const review = claire.page.locator('.sheet__row').filter({ hasText: LATE });
  await says(review, NAME);
  await shot(claire, 'reviews');
  await review.getByRole('button', { name: 'Verser au dossier' }).click();
  await says(claire.page.locator('.toast'), 'Versé au dossier');
  await open(claire, `${dossier}/transmissions`);
  await says(claire.page.locator('.entry'), LATE);
});

step('back on the team, she has all of it again', async () => {
  await putOnTeam(claire, dossier, NAME);
  await listed(phone, CLIENT).click();
  await phone.page.getByRole('link', { name: 'Transmissions' }).click();
  await says(phone.page.locator('.entry'), LATE);
  await says(phone.page.locator('.entry'), WRITTEN);
});

step('the data protection officer reads who opened the dossier, without network too', async () => {
  await helene.signIn();
  await helene.go('/reglages/journal');
  const line = helene.page.locator('.sheet__row').filter({ hasText: NAME });
  await says(line, 'Le client');
  await says(line.filter({ hasText: /hors ligne/ }), CLIENT.toUpperCase());
  await shot(helene, 'access-log');
});

step('who may only read is offered nothing to write', async () => {
  await open(helene, `${dossier}/transmissions`);
  await says(helene.page.locator('.entry'), WRITTEN);
  assert.equal(await helene.page.getByLabel(TRANSMISSION).count(), 0);
  await open(helene, `${dossier}/demandes`);
  await helene.page.getByRole('heading', { name: 'Demandes' }).first().waitFor();
  assert.equal(await helene.page.getByRole('button', { name: 'Noter la demande' }).count(), 0);
});

step('a lost phone is revoked: it forgets everything, and the list says when it has confirmed', async () => {
  await claire.go('/reglages/appareils');
  const row = claire.page.locator('.sheet__row').filter({ hasText: NAME });
  await row.locator('a').first().click();
  await button(claire, 'Révoquer cet appareil').click();
  await button(claire, 'Révoquer l’appareil').click();
  await phone.page.getByRole('heading', { name: 'Cet appareil n’a plus accès à Liaison' }).waitFor({ timeout: 40_000 });
  await says(phone.page.locator('main'), 'L’effacement est confirmé au relais');
  await shot(phone, 'phone-revoked');
  await claire.go('/reglages/appareils');
  await says(claire.page.locator('.sheet__row').filter({ hasText: NAME }), 'effacé, confirmé');
  await shot(claire, 'device-forgotten');
  const left = (await rows(phone)).filter((row) => !row.startsWith('marque'));
  assert.deepEqual(left.filter((row) => /vault/.test(row)), [], 'no vault, no key, no replica');
  await phone.page.reload();
  await phone.page.getByRole('heading', { name: 'Se connecter' }).waitFor();
});

step('the relay can prove its access log', async () => {
  const said = await relay.command(['audit', 'verify']);
  assert.match(String(said), /Journal des accès/);
});

step('no page complained', () => {
  for (const device of [claire, helene, phone]) assert.deepEqual(device.errors, [], device.email);
});
