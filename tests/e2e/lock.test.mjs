// The lock: what is on the disk cannot be read, a code opens it, and nothing that was written is lost by locking.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { TRANSMISSION, deviceOf, open, openFirst, says, status, transmit, value } from './lib/acts.mjs';
import { CODE, PHONE } from './lib/device.mjs';
import { filesWith, spellings } from './lib/disk.mjs';
import { PASSWORD, Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';

const LIMIT = { timeout: 120_000 };
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

const device = (...given) => deviceOf(given[0], relay, ...given.slice(1));
const locked = (page) => page.getByRole('heading', { name: 'Liaison est verrouillé' }).waitFor();
const heading = (device, name) => device.page.getByRole('heading', { name, level: 1 }).waitFor();

async function sound(device, name) {
  await device.page.evaluate(AXE);
  const { violations } = await device.page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], name);
}

async function reopen(device) {
  await device.closeBrowser();
  await device.open();
}

async function lockNow(device) {
  await device.page.getByRole('link', { name: /^(Cet appareil|Moi)$/ }).last().click();
  await device.page.getByRole('button', { name: 'Verrouiller maintenant' }).click();
  await locked(device.page);
}

test('a code is chosen once; too easy ones are refused; both pages can be used by everybody', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.go('/dossiers');
  await sonia.typeAccount();
  await heading(sonia, 'Choisissez un code');
  await sound(sonia, 'choose');
  await shot(sonia, 'lock-choose-phone');
  assert.equal(await sonia.page.getByLabel('Votre code').getAttribute('inputmode'), 'numeric');
  for (const [code, said] of [['1234', 'au moins 6'], ['123456', 'premiers codes'], ['000000', 'premiers codes']]) {
    await sonia.chooseCode(code);
    await says(sonia.page.locator('.banner'), said);
  }
  await sonia.page.getByLabel('Votre code').fill(CODE);
  await sonia.page.getByLabel('Encore une fois').fill('274952');
  await sonia.page.getByRole('button', { name: 'Garder ce code' }).click();
  await says(sonia.page.locator('.banner'), 'pas pareils');
  await shot(sonia, 'lock-choose-refused-phone');
  await sonia.chooseCode();
  await sonia.dossiers.waitFor();
  await sonia.keptOpen();
  await lockNow(sonia);
  assert.equal(await sonia.page.getByLabel('Votre code').getAttribute('inputmode'), 'numeric');
  await sound(sonia, 'lock');
  await shot(sonia, 'lock-phone');
  await sonia.typeCode();
  await sonia.page.getByRole('button', { name: 'Verrouiller maintenant' }).waitFor();
  assert.deepEqual(sonia.errors, []);
});

test('a reload and a second tab do not ask; after one of them locks, both do', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  await claire.page.reload();
  await claire.dossiers.waitFor();
  const second = await claire.context.newPage();
  claire.watch(second);
  await second.goto(`${claire.line.url}/dossiers`);
  await second.getByRole('heading', { name: 'Dossiers' }).waitFor();
  // The worker has lost it: the tab that is open gives it.
  const third = await claire.context.newPage();
  await claire.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).active.postMessage({ type: 'FORGET' }));
  await third.goto(`${claire.line.url}/dossiers`);
  await third.getByRole('heading', { name: 'Dossiers' }).waitFor();
  await third.close();
  await lockNow(claire);
  await locked(second);
  await shot(claire, 'lock-office');
  await second.close();
  await claire.page.reload();
  await locked(claire.page);
  await claire.typeCode();
  await heading(claire, 'Cet appareil');
  assert.deepEqual(claire.errors, []);
});

test('without network, after the browser was closed: the code opens, a transmission is written', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.signIn();
  const address = `${await openFirst(sonia)}/transmissions`;
  await status(sonia, /Tout est au relais/);
  sonia.line.cut();
  await reopen(sonia);
  await sonia.go(address);
  await locked(sonia.page);
  await sonia.unlockHere();
  await transmit(sonia, 'Écrit après la réouverture, sans réseau.');
  await sonia.page.getByLabel(TRANSMISSION).fill('Un brouillon, tapé jusqu’au dernier mot');
  await sonia.page.getByRole('link', { name: /^(Cet appareil|Moi)$/ }).last().click();
  await sonia.page.getByRole('button', { name: 'Verrouiller maintenant' }).click();
  await locked(sonia.page);
  await sonia.unlockHere();
  await open(sonia, address);
  await value(sonia, 'transmission', 'Un brouillon, tapé jusqu’au dernier mot');
  const entry = sonia.page.locator('.entry').filter({ hasText: 'Écrit après la réouverture' });
  await says(entry.locator('.receipt'), 'sur ce téléphone');
  sonia.line.mend();
  await says(entry.locator('.receipt'), 'au relais');
});

test('wrong codes are counted over reloads; after five, the password opens and a new code is chosen', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  await lockNow(claire);
  await claire.page.getByRole('button', { name: 'Code oublié ?' }).click();
  await heading(claire, 'Votre mot de passe');
  await claire.page.getByRole('button', { name: 'Revenir au code' }).click();
  for (const left of [4, 3, 2, 1]) {
    await claire.typeCode('999998');
    await says(claire.page.locator('.banner'), `reste ${left}\u00a0essai`);
    await claire.page.reload();
    await says(claire.page.locator('.banner'), `reste ${left}\u00a0essai`);
  }
  await shot(claire, 'lock-wrong-office');
  await claire.typeCode('999998');
  await heading(claire, 'Votre mot de passe');
  await claire.page.reload();
  await heading(claire, 'Votre mot de passe');
  await sound(claire, 'password');
  await shot(claire, 'lock-password-office');
  claire.line.cut();
  for (let wrong = 0; wrong < 4; wrong += 1) {
    await claire.page.getByLabel('Mot de passe').fill(`pas le bon ${wrong}`);
    await claire.page.getByRole('button', { name: 'Déverrouiller' }).click();
    await says(claire.page.locator('.banner'), 'pas le bon mot de passe');
    await claire.page.reload();
    await heading(claire, 'Votre mot de passe');
  }
  await claire.page.getByLabel('Mot de passe').fill(PASSWORD);
  await claire.page.getByRole('button', { name: 'Déverrouiller' }).click();
  await says(claire.page.locator('.banner'), 'Trop d’essais');
  await claire.page.waitForTimeout(2_000);
  await claire.page.getByRole('button', { name: 'Déverrouiller' }).click();
  await heading(claire, 'Choisissez un code');
  await claire.chooseCode('837261');
  await heading(claire, 'Cet appareil');
  await lockNow(claire);
  await claire.typeCode();
  await says(claire.page.locator('.banner'), 'reste 4\u00a0essais');
  await claire.typeCode('837261');
  await heading(claire, 'Cet appareil');
});

test('nobody there: it locks by itself, with what was being typed', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.context.addInitScript(() => {
    const now = Date.now;
    window.later = 0;
    Date.now = () => now() + window.later;
  });
  await claire.signIn();
  await claire.page.getByRole('link', { name: 'Cet appareil' }).first().click();
  await claire.page.getByLabel('Verrouiller quand rien ne bouge').selectOption('5');
  await shot(claire, 'lock-setting-office');
  await claire.page.getByRole('link', { name: 'Dossiers' }).first().click();
  const address = await openFirst(claire);
  const later = (minutes) => claire.page.evaluate((minutes) => (window.later += minutes * 60_000), minutes);
  await later(4);
  await claire.field('Note').pressSequentially('Tapé juste avant que tout se verrouille.');
  await later(4.9);
  await claire.page.waitForTimeout(6_000);
  assert.equal(await claire.page.getByLabel('Votre code').count(), 0, 'the last key was not five minutes ago');
  await later(0.2);
  await locked(claire.page);
  assert.equal((await claire.page.content()).includes('Tapé juste avant'), false);
  await claire.unlockHere();
  await open(claire, address);
  await claire.page.waitForFunction(() => document.getElementById('besoins-note')?.value.includes('Tapé juste avant que tout se verrouille.'));
});

test('nothing of a dossier can be read on the disk; a phrase opens it too', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  const phrase = 'girafe mauve sept';
  await claire.go('/');
  await claire.typeAccount();
  await claire.page.getByRole('button', { name: 'Une phrase protège mieux' }).click();
  await claire.page.getByLabel('Votre phrase').fill(phrase);
  await claire.page.getByLabel('Encore une fois').fill(phrase);
  await claire.page.getByRole('button', { name: 'Garder ce code' }).click();
  await claire.dossiers.waitFor();
  await claire.keptOpen();
  const { page } = claire;
  const written = ['Wrzeszczykowska', 'Le chat Xanthippe dort au chaud', 'Brouillon quetzalcoatl', 'Note archéoptéryx'];
  await page.getByRole('link', { name: /nouveau|Ouvrir un dossier/i }).first().click();
  await page.getByLabel('Prénom').fill('Odette');
  await page.getByLabel('Nom', { exact: true }).fill(written[0]);
  await page.getByLabel('Téléphone', { exact: true }).fill('06 39 98 12 34');
  await page.getByLabel('Ce que la personne demande').fill('Aide au ménage.');
  await page.getByLabel('Ville').fill('Vizille');
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await heading(claire, `${written[0].toUpperCase()} Odette`);
  await claire.field('Note').fill(written[3]);
  await says(claire.receipt('Note'), 'au relais');
  const address = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(claire, written[1]);
  await page.getByLabel(TRANSMISSION).fill(written[2]);
  await status(claire, /Tout est au relais/);
  // The browser keeps what it needs to bring its tabs back a few seconds late: fields must not be in that.
  await page.waitForTimeout(5_000);
  await page.evaluate(async () => {
    const opening = indexedDB.open('control', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('store');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const writing = opening.result.transaction('store', 'readwrite');
    writing.objectStore('store').put(new TextEncoder().encode('Contrôle ornithorynque'), 'utf8');
    writing.objectStore('store').put('Contrôle œdicnème', 'utf16');
    await new Promise((resolve) => (writing.oncomplete = resolve));
  });
  await claire.closeBrowser();
  const [utf8] = spellings('Contrôle ornithorynque');
  const [, utf16] = spellings('Contrôle œdicnème');
  assert.ok(filesWith(claire.profile, utf8).length > 0, 'the search finds bytes');
  assert.ok(filesWith(claire.profile, utf16).length > 0, 'the search finds strings');
  // The browser itself remembers who signed in where, as on any site: the address is sought in what is ours.
  const ours = (files) => files.filter((file) => !/^Default\/(Login Data|Web Data|Sessions\/)/.test(file));
  for (const text of [...written, written[0].toUpperCase(), 'Claire Martin', PASSWORD, phrase, claire.email]) {
    for (const bytes of spellings(text)) {
      const found = filesWith(claire.profile, bytes);
      assert.deepEqual(text === claire.email ? ours(found) : found, [], text);
    }
  }
  await claire.open();
  await claire.go(`${address}/transmissions`);
  assert.equal(await claire.page.getByLabel('Votre phrase').getAttribute('inputmode'), null);
  await claire.page.getByLabel('Votre phrase').fill(phrase);
  await claire.page.getByRole('button', { name: 'Déverrouiller' }).click();
  await value(claire, 'transmission', written[2]);
});

test('a password changed elsewhere: the code still opens what is here', LIMIT, async (context) => {
  const lea = await device(context, 'lea.moreau');
  await lea.signIn();
  const address = `${await openFirst(lea)}/transmissions`;
  await lea.page.getByRole('link', { name: 'Transmissions' }).click();
  lea.line.cut();
  await transmit(lea, 'Écrit avant le changement.');
  await lockNow(lea);
  await forgetPassword(lea, 'spoilt');
  lea.line.mend();
  await lea.page.getByRole('button', { name: 'Utiliser un autre compte' }).click();
  await lea.typeAccount();
  await says(lea.page.locator('.lock'), 'Ce mot de passe n’est pas encore connu de cet appareil');
  await says(lea.page.locator('.lock'), '1\u00a0élément');
  await sound(lea, 'after login');
  await shot(lea, 'lock-after-login-office');
  await lea.unlockHere();
  await open(lea, address);
  await says(lea.page.locator('.entry').filter({ hasText: 'Écrit avant le changement.' }), 'au relais');
});

test('neither code nor password: a fresh start, the old data stays until it is erased', LIMIT, async (context) => {
  const lea = await device(context, 'lea.moreau');
  await lea.signIn();
  await openFirst(lea);
  await lea.page.getByRole('link', { name: 'Transmissions' }).click();
  lea.line.cut();
  await transmit(lea, 'Écrit puis enfermé.');
  await lockNow(lea);
  await forgetPassword(lea, 'absent');
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await lea.typeCode('999998');
    if (wrong < 4) await says(lea.page.locator('.banner'), `reste ${4 - wrong}\u00a0essai`);
  }
  await heading(lea, 'Connectez-vous à nouveau');
  await lea.page.getByRole('button', { name: 'Se connecter à nouveau' }).click();
  lea.line.mend();
  await lea.typeAccount();
  await says(lea.page.locator('.lock'), '1\u00a0élément qui n’est pas parti reste fermé ici');
  await lea.page.getByRole('button', { name: 'Continuer sans le code' }).click();
  await heading(lea, 'Choisissez un code');
  await lea.chooseCode();
  await heading(lea, 'Cet appareil');
  const vaults = () => lea.page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name.startsWith('liaison-vault-')).length);
  await says(lea.page.locator('.section'), '1\u00a0élément n’était pas parti au relais');
  assert.equal(await vaults(), 2);
  await shot(lea, 'lock-aside-office');
  await lea.page.getByRole('button', { name: 'Effacer ces anciennes données' }).click();
  await lea.page.getByRole('button', { name: 'Effacer pour toujours' }).click();
  await lea.page.waitForFunction(() => !document.body.textContent.includes('anciennes données'));
  assert.equal(await vaults(), 1);
});

// Makes the last vault one whose owner has another password now (spoilt), or never typed it here (absent): see
// Record::to_bytes for the places.
async function forgetPassword(device, how) {
  await device.page.evaluate(async (how) => {
    const opening = indexedDB.open('liaison');
    const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const get = (store, key) => new Promise((resolve) => {
      const reading = database.transaction(store).objectStore(store).get(key);
      reading.onsuccess = () => resolve(reading.result);
    });
    const id = new TextDecoder().decode(await get('meta', 'last'));
    const record = await get('vaults', id);
    if (how === 'absent') record[1] &= ~1;
    else record[2 + 32 + 2 * 76 - 1] ^= 1;
    const writing = database.transaction('vaults', 'readwrite', { durability: 'strict' });
    writing.objectStore('vaults').put(record, id);
    await new Promise((resolve) => (writing.oncomplete = resolve));
    database.close();
  }, how);
  await device.page.reload();
  await locked(device.page);
}

test('what a browser held before there were codes is sealed, and nothing of it is lost', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.signIn();
  const address = `${await openFirst(sonia)}/transmissions`;
  await sonia.page.getByRole('link', { name: 'Transmissions' }).click();
  sonia.line.cut();
  await transmit(sonia, 'Écrit sous l’ancienne version.');
  await sonia.page.getByLabel(TRANSMISSION).fill('Brouillon de l’ancienne version');
  await sonia.page.waitForTimeout(1_000);
  await unseal(sonia);
  await sonia.go(address);
  await says(sonia.page.locator('.lock'), 'Nouveau : un code verrouille');
  assert.ok(filesWith(sonia.profile, spellings('Brouillon de l’ancienne version')[0]).length > 0, 'it was in clear');
  await shot(sonia, 'lock-migration-phone');
  await sonia.chooseCode('590318');
  await value(sonia, 'transmission', 'Brouillon de l’ancienne version');
  const entry = sonia.page.locator('.entry').filter({ hasText: 'Écrit sous l’ancienne version.' });
  await says(entry.locator('.receipt'), 'sur ce téléphone');
  const names = await sonia.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  assert.deepEqual(names.filter((name) => /^liaison-[0-9a-f]{32}$/.test(name)), [], 'the old database is gone');
  sonia.line.mend();
  await says(entry.locator('.receipt'), 'au relais');
  await reopen(sonia);
  await sonia.go(address);
  await sonia.typeCode('590318');
  await value(sonia, 'transmission', 'Brouillon de l’ancienne version');
  assert.deepEqual(sonia.errors, []);
});

// Turns this browser's data into what version 1 kept: the same rows in clear, the session in clear, no vault.
async function unseal(device) {
  const { page } = device;
  const { session, user } = await page.evaluate(async () => {
    const openDatabase = (name, version, upgrade) => new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, version);
      opening.onupgradeneeded = () => upgrade?.(opening.result);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const settings = await openDatabase('liaison');
    const id = new TextDecoder().decode(await done(settings.transaction('meta').objectStore('meta').get('last')));
    const sealedSession = await done(settings.transaction('vaults').objectStore('vaults').get(`${id}/session`));
    const devices = await done(settings.transaction('meta').objectStore('meta').getAll(IDBKeyRange.bound('device:', 'device:~')));
    settings.close();
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    (await navigator.serviceWorker.getRegistration()).active.postMessage({ type: 'KEY?', vault: id }, [port2]);
    const key = await crypto.subtle.importKey('raw', await answer, 'AES-GCM', false, ['decrypt']);
    const clear = async (place, value) => new Uint8Array(await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: value.slice(0, 12), additionalData: new TextEncoder().encode(place) }, key, value.slice(12)));
    const session = JSON.parse(new TextDecoder().decode(await clear(`${id}/session`, sealedSession)));
    const sealed = await openDatabase(`liaison-vault-${id}`);
    const stores = [...sealed.objectStoreNames];
    const old = await openDatabase(`liaison-${session.user}`, 1, (database) => stores.forEach((store) => database.createObjectStore(store)));
    for (const store of stores) {
      const keys = await done(sealed.transaction(store).objectStore(store).getAllKeys());
      const values = await done(sealed.transaction(store).objectStore(store).getAll());
      const rows = [];
      for (const [index, value] of values.entries()) rows.push([keys[index], await clear(`${store}\0${keys[index]}`, value)]);
      const writing = old.transaction(store, 'readwrite').objectStore(store);
      for (const [name, value] of rows) if (name !== 'taken-over') writing.put(value, name);
    }
    sealed.close();
    old.close();
    window.oldSettings = { session, device: devices[0] };
    return { session, user: session.user };
  });
  const device_ = await page.evaluate(() => [...window.oldSettings.device]);
  // Nothing of the page may be running when its databases go.
  await page.goto(`${device.line.url}/manifest.webmanifest`).catch(() => {});
  await page.evaluate(async ({ session, device }) => {
    (await navigator.serviceWorker.getRegistration()).active.postMessage({ type: 'FORGET' });
    for (const { name } of await indexedDB.databases()) {
      if (name === 'liaison' || name.startsWith('liaison-vault-')) {
        await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve));
      }
    }
    const opening = indexedDB.open('liaison', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('meta');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const writing = opening.result.transaction('meta', 'readwrite', { durability: 'strict' });
    writing.objectStore('meta').put(new TextEncoder().encode(JSON.stringify(session)), 'session');
    writing.objectStore('meta').put(new Uint8Array(device), `device:${session.email}`);
    await new Promise((resolve) => (writing.oncomplete = resolve));
    opening.result.close();
  }, { session, device: device_ });
  return user;
}

test('two people share a browser: each opens their own, what one has not sent stays closed to the other', LIMIT, async (context) => {
  const shared = await device(context, 'sonia.haddad', { viewport: PHONE });
  await shared.signIn();
  const address = `${await openFirst(shared)}/transmissions`;
  await shared.page.getByRole('link', { name: 'Transmissions' }).click();
  shared.line.cut();
  await transmit(shared, 'Écrit par Sonia.');
  await lockNow(shared);
  shared.line.mend();
  await shared.page.getByRole('button', { name: 'Utiliser un autre compte' }).click();
  await shared.page.getByRole('button', { name: 'Revenir au code' }).waitFor();
  shared.email = 'karim.benali@liaison.demo';
  await shared.typeAccount();
  await shared.chooseCode('660231');
  await heading(shared, 'Cet appareil');
  await shared.keptOpen();
  await shared.go('/dossiers');
  await says(shared.page.getByRole('button', { name: /Tout est au relais/ }), 'Tout est au relais');
  await shared.go(address);
  await says(shared.page.locator('.empty'), 'Ce dossier n’est pas sur cet appareil');
  assert.equal(await shared.page.getByText('Écrit par Sonia.').count(), 0);
  await lockNow(shared);
  await shared.page.getByRole('button', { name: 'Utiliser un autre compte' }).click();
  shared.email = 'sonia.haddad@liaison.demo';
  await shared.typeAccount();
  await heading(shared, 'Cet appareil');
  await shared.keptOpen();
  await open(shared, address);
  await says(shared.page.locator('.entry').filter({ hasText: 'Écrit par Sonia.' }), 'au relais');
});
