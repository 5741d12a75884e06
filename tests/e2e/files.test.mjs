// Files of a dossier: added without network, brought over a bad line, opened elsewhere, byte for byte; sealed on the disk,
// kept once, and never on a phone that has nothing to do with them.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { deviceOf, open, openFirst, says, status } from './lib/acts.mjs';
import { PHONE } from './lib/device.mjs';
import { filesWith } from './lib/disk.mjs';
import { button, dialog } from './lib/people.mjs';
import { PASSWORD, Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { keysOf } from './lib/vault.mjs';

const LIMIT = { timeout: 240_000 };
const PIECE = 524_288;
const ADD = 'Ajouter une photo ou un fichier';
let relay;
let folder;

before(async () => {
  relay = await Relay.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-files-'));
});

after(async () => {
  await relay?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const device = (...given) => deviceOf(given[0], relay, ...given.slice(1));
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const card = (device, name) => device.page.locator('.sheet__row').filter({ hasText: name });

// Bytes that no other file has, with a text in each piece that would be found on a disk.
function pdf(name, size, marker) {
  const bytes = crypto.randomBytes(size);
  bytes.write('%PDF-1.4\n');
  for (let at = 4_000; at + 200 < size; at += PIECE / 4) bytes.write(marker, at);
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return { file, bytes };
}

function photo(name, width, height) {
  const image = new PNG({ width, height });
  for (let at = 0; at < image.data.length; at += 4) {
    image.data.writeUInt32BE((((at * 7) & 0xffffff) << 8 | 0xff) >>> 0, at);
  }
  const file = path.join(folder, name);
  fs.writeFileSync(file, PNG.sync.write(image));
  return file;
}

async function choose(device, file) {
  const chooser = device.page.waitForEvent('filechooser');
  await button(device, ADD).click();
  await (await chooser).setFiles(file);
}

async function saved(device, name) {
  const download = device.page.waitForEvent('download', { timeout: 60_000 });
  await card(device, name).getByRole('button', { name: 'Voir' }).click();
  return fs.readFileSync(await (await download).path());
}

// The picture that is shown: its size, and a hash of its points.
async function shown(device, name) {
  await card(device, name).getByRole('button', { name: 'Voir' }).click();
  const picture = device.page.locator('.fichier__picture');
  await picture.waitFor();
  const found = await picture.evaluate(async (image) => {
    await image.decode();
    // The page's policy lets nobody fetch what is shown: its points are read from a canvas.
    const canvas = document.createElement('canvas');
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return { width, height, hash: [...hash].join(' ') };
  });
  await device.page.keyboard.press('Escape');
  return found;
}

const rows = (device, store) => keysOf(device.page, store);

// The bytes of a file as the relay gives them to somebody.
async function atRelay(email, key) {
  const base = `http://127.0.0.1:${relay.port}/api`;
  const body = JSON.stringify({ email, password: PASSWORD, device: { name: 'essai' } });
  const headers = { 'Content-Type': 'application/json' };
  const { token } = await (await fetch(`${base}/login`, { method: 'POST', headers, body })).json();
  assert.ok(token, 'the relay lets them in');
  const as = { headers: { Authorization: `Bearer ${token}` } };
  const answer = await fetch(`${base}/blobs/${key}`, as);
  if (!answer.ok) return { status: answer.status };
  const { size, chunk, complete } = await answer.json();
  assert.ok(complete, 'the file is whole');
  const pieces = [];
  for (let index = 0; index * chunk < size; index += 1) {
    pieces.push(Buffer.from(await (await fetch(`${base}/blobs/${key}/${index}`, as)).arrayBuffer()));
  }
  return { status: 200, bytes: Buffer.concat(pieces) };
}

test('a photo added without network arrives at the office, the same', LIMIT, async (context) => {
  const phone = await device(context, 'claire.martin', { viewport: PHONE });
  const paul = await device(context, 'paul.bernard');
  for (const device of [phone, paul]) await device.signIn();
  const address = await openFirst(phone);
  await phone.readyForOffline();
  phone.line.cut();
  await status(phone, /Hors ligne/);
  await choose(phone, photo('Ordonnance du médecin.png', 2600, 1300));
  await says(card(phone, 'Ordonnance du médecin.jpg'), 'sur ce téléphone');
  const before = await shown(phone, 'Ordonnance');
  assert.deepEqual([before.width, before.height], [2000, 1000], 'photos are made smaller');
  await shot(phone, 'files-phone-offline');

  await phone.go('/appareil');
  await says(phone.page.locator('.sheet__row'), 'Ordonnance du médecin.jpg');
  await shot(phone, 'files-unsent-phone');
  await status(phone, /2 éléments sur ce téléphone/);
  await open(phone, address);
  const [key] = await rows(phone, 'uploads');

  phone.line.mend();
  await says(card(phone, 'Ordonnance'), 'au relais', 30_000);
  await status(phone, /Tout est au relais/);
  assert.deepEqual(await rows(phone, 'uploads'), []);

  await open(paul, address);
  const arrived = await shown(paul, 'Ordonnance');
  await shot(paul, 'files-office');
  assert.equal(arrived.hash, before.hash, 'every pixel is the same');
  const { bytes } = await atRelay('paul.bernard@liaison.demo', key);
  assert.equal(sha256(bytes), key.split('/')[2], 'and every byte');

  // Put away, and back.
  await card(phone, 'Ordonnance').getByRole('button', { name: 'Retirer' }).click();
  await card(phone, 'Ordonnance').waitFor({ state: 'detached' });
  await button(phone, 'Annuler').click();
  await card(phone, 'Ordonnance').waitFor();
  assert.deepEqual(phone.errors, []);
  assert.deepEqual(paul.errors, []);
});

test('25 MB arrive over a line that breaks every 2 MB; opened elsewhere, they are the same', LIMIT, async (context) => {
  const marker = 'MARQUE-EN-CLAIR-DU-FICHIER-25';
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  const address = await openFirst(claire);
  await open(claire, `${address}/administratif`);
  const { file, bytes } = pdf('Dossier APA complet.pdf', 25_000_000, marker);
  claire.line.breakAfter(2_000_000);
  await choose(claire, file);
  await says(card(claire, 'Dossier APA complet.pdf'), /envoi [\d,]+ sur 25/, 30_000);
  await shot(claire, 'files-sending');
  assert.equal(await claire.page.evaluate(() => document.scrollingElement.scrollTop), 0, 'the window does not scroll');
  await says(card(claire, 'Dossier APA complet.pdf'), 'au relais', 180_000);
  assert.ok(claire.line.breaks >= 10, `the line broke ${claire.line.breaks} times`);
  claire.line.breakAfter(0);
  const [key] = (await rows(claire, 'filed')).filter((key) => key.includes('/administratif/'));
  assert.equal((await atRelay('claire.martin@liaison.demo', key)).bytes.compare(bytes), 0, 'the same at the relay');
  await claire.closeBrowser();
  assert.deepEqual(filesWith(claire.profile, marker), [], 'nothing of it can be read on the disk');
  assert.deepEqual(filesWith(relay.folder, marker), [], 'nor on the relay’s');

  const julien = await device(context, 'julien.roche');
  await julien.signIn();
  await open(julien, `${address}/administratif`);
  assert.deepEqual(await rows(julien, 'files'), [], 'nothing comes before somebody opens it');
  assert.equal((await saved(julien, 'Dossier APA complet.pdf')).compare(bytes), 0, 'the same elsewhere');
  // From then on without network.
  julien.line.cut();
  assert.equal((await saved(julien, 'Dossier APA complet.pdf')).compare(bytes), 0, 'the same without network');
});

test('an intervenant’s phone never has a file of « Administratif »', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  for (const device of [claire, sonia]) await device.signIn();
  const address = await openFirst(sonia);
  await open(claire, `${address}/administratif`);
  await choose(claire, pdf('Avis d’imposition.pdf', 700_000, 'AVIS').file);
  await says(card(claire, 'Avis d’imposition.pdf'), 'au relais', 30_000);
  const dossier = address.split('/').pop();
  const [key] = (await rows(claire, 'filed')).filter((key) => key.startsWith(`${dossier}/administratif/`));
  await status(sonia, /Tout est au relais/);
  for (const volet of ['', '/historique', '/prestation']) {
    await open(sonia, `${address}${volet}`);
    assert.equal(await sonia.page.getByText('Avis d’imposition').count(), 0);
  }
  assert.deepEqual(await rows(sonia, 'files'), []);
  assert.deepEqual(await rows(sonia, 'filed'), []);
  assert.deepEqual((await rows(sonia, 'changes')).filter((row) => row.includes('/administratif')), []);
  assert.equal((await atRelay('sonia.haddad@liaison.demo', key)).status, 403);
});

test('the same file on two papers is kept once', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  const address = await openFirst(claire);
  const { file, bytes } = pdf('Devis signé.pdf', 1_200_000, 'DEVIS');
  for (const paper of ['Devis', 'Contrat']) {
    await open(claire, `${address}/administratif`);
    await claire.page.getByRole('button', { name: paper, exact: true }).click();
    await claire.page.waitForURL(/\/fiche\//);
    await choose(claire, file);
    await says(card(claire, 'Devis signé.pdf'), 'au relais', 30_000);
  }
  await choose(claire, file);
  await says(claire.page.locator('.toast'), 'est déjà là');
  const hash = sha256(bytes);
  const pieces = (await rows(claire, 'files')).filter((key) => key.startsWith(hash));
  assert.deepEqual(pieces, [0, 1, 2].map((index) => `${hash}#000${index}`));
  assert.equal((await rows(claire, 'filed')).filter((key) => key.endsWith(hash)).length, 1);
});

test('what is too large is said, and nothing of it is kept', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  await claire.signIn();
  await openFirst(claire);
  await choose(claire, pdf('Trop.pdf', 33 * 1024 * 1024 + 1, 'TROP').file);
  await says(claire.page.locator('.toast'), 'un fichier peut faire');
  assert.equal(await card(claire, 'Trop.pdf').count(), 0);
  assert.deepEqual(await rows(claire, 'files'), []);
});

// Draws with the pointer where people sign.
async function draw(device) {
  const canvas = device.page.locator('.signer__canvas');
  const { x, y, width, height } = await canvas.boundingBox();
  const { mouse } = device.page;
  await mouse.move(x + width * 0.15, y + height * 0.6);
  await mouse.down();
  for (let step = 1; step <= 30; step += 1) {
    const along = 0.15 + (0.7 * step) / 30;
    await mouse.move(x + width * along, y + height * (0.5 + 0.28 * Math.sin(step / 2.5)));
  }
  await mouse.up();
}

test('a signature drawn without network is shown at the office, with what was signed', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin', { viewport: PHONE });
  const julien = await device(context, 'julien.roche');
  for (const device of [claire, julien]) await device.signIn();
  const address = await openFirst(claire);
  await open(claire, `${address}/administratif`);
  await claire.page.getByRole('button', { name: 'Contrat', exact: true }).click();
  await claire.page.waitForURL(/\/fiche\//);
  const paper = new URL(claire.page.url()).pathname;
  await claire.field('Montant TTC').fill('412,50');
  await claire.field('Montant TTC').blur();
  await says(claire.receipt('Montant TTC'), 'au relais');
  await choose(claire, pdf('Annexe.pdf', 40_000, 'ANNEXE').file);
  await says(card(claire, 'Annexe.pdf'), 'au relais', 30_000);
  await claire.readyForOffline();
  claire.line.cut();
  await status(claire, /Hors ligne/);

  await button(claire, 'Faire signer').click();
  await says(dialog(claire), 'Montant TTC : 412,50');
  await button(claire, 'Enregistrer la signature').click();
  await says(dialog(claire), 'La personne signe dans le cadre');
  await shot(claire, 'sign-phone-empty');
  await draw(claire);
  await claire.page.keyboard.press('Escape');
  await says(dialog(claire), '« Effacer » avant de fermer');
  await button(claire, 'Effacer').click();
  await draw(claire);
  await claire.page.getByLabel('Nom de la personne qui signe').fill('Jeanne Essai');
  await shot(claire, 'sign-phone');
  await button(claire, 'Enregistrer la signature').click();
  await says(card(claire, 'Jeanne Essai (client)'), 'sur ce téléphone');
  await says(claire.page.locator('p'), 'Statut : Signé');
  await shot(claire, 'signed-phone');
  // It is on the disk of the telephone.
  await open(claire, paper);
  await says(card(claire, 'Jeanne Essai (client)'), 'sur ce téléphone');
  claire.line.mend();
  await says(card(claire, 'Jeanne Essai (client)'), 'au relais', 30_000);

  await open(julien, paper);
  const row = card(julien, 'Jeanne Essai (client)');
  await says(row, 'Inchangé depuis');
  await shot(julien, 'signed-office');
  await button(julien, 'Faire signer').click();
  await shot(julien, 'sign-office');
  await julien.page.keyboard.press('Escape');
  await dialog(julien).waitFor({ state: 'detached' });
  await row.getByRole('button', { name: 'Ce qui a été signé' }).click();
  await says(julien.page.locator('.fichier__text'), '412,50');
  await julien.page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'Voir la signature' }).click();
  await julien.page.locator('.fichier__picture').waitFor();
  await julien.page.keyboard.press('Escape');

  await button(julien, 'Voir et imprimer').click();
  const picture = julien.page.locator('.paper__signature');
  await picture.waitFor();
  assert.ok(await picture.evaluate(ink) > 200, 'what was drawn is there');
  const hash = (await julien.page.locator('.paper__signed').innerText()).match(/[0-9a-f]{64}/)[0];
  const signed = await atRelay('julien.roche@liaison.demo', `${address.split('/').pop()}/administratif/${hash}`);
  assert.equal(sha256(signed.bytes), hash, 'what was signed is at the relay under its hash');
  assert.match(signed.bytes.toString(), /^Contrat de prestation\n[^]*412,50[^]*\nFichier joint, SHA-256 : [0-9a-f]{64}\n$/);
  await julien.page.locator('.paper__signed').scrollIntoViewIfNeeded();
  await shot(julien, 'signed-paper');
  await open(julien, `${address}/historique`);
  await says(julien.page.locator('.sheet__row').filter({ hasText: 'Signature · Contrat' }), 'Jeanne Essai · Client');

  // Somebody changes the price afterwards.
  await claire.field('Montant TTC').fill('500');
  await claire.field('Montant TTC').blur();
  await open(julien, paper);
  await says(row, 'Modifié depuis', 20_000);
  await says(row, 'n’est plus exactement ce qui a été signé');
  await shot(julien, 'signed-changed');
  assert.deepEqual(claire.errors, []);
  assert.deepEqual(julien.errors, []);
});

// How many dark points a picture has.
async function ink(image) {
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] < 100) dark += 1;
  return dark;
}
