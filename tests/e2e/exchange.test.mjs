// Clients come in from a file, and leave again: as documents that the JavaScript library of Automerge opens, as JSON, as a
// list, as PDF/A that stays with the dossier.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import * as Automerge from '@automerge/automerge';
import { open, says } from './lib/acts.mjs';
import { Device } from './lib/device.mjs';
import { button, dialog } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
let relay;
let claire;
let folder;
let dossier;

before(async () => {
  relay = await Relay.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-exchange-'));
  claire = await Device.of('claire.martin@liaison.demo', relay);
});

after(async () => {
  await claire?.dispose();
  await relay?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const CSV = [
  'Nom;Prénom;Tél;CP;Commune;Divers;Demande',
  'Ravier;Huguette;06 39 98 31 41;38000;Grenoble;bleu;Une aide au ménage',
  ';Sans nom;06 39 98 31 42;38000;Grenoble;vert;Des courses',
  'Mounier;Albert;06 12;38100;Grenoble;rouge;Une présence la nuit',
].join('\r\n');

// What a click makes the browser keep.
async function saved(act) {
  const download = claire.page.waitForEvent('download', { timeout: 30_000 });
  await act();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: fs.readFileSync(await file.path()) };
}

// The files of an archive that compresses nothing.
function unpacked(bytes) {
  const files = {};
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    assert.equal(bytes.readUInt16LE(at + 8), 0, 'nothing is compressed');
    const [size, name, extra] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)];
    const start = at + 30 + name + extra;
    files[bytes.toString('utf8', at + 30, at + 30 + name)] = bytes.subarray(start, start + size);
    at = start + size;
  }
  return files;
}

step('a file is read, and its columns are named', async () => {
  await claire.signIn();
  await claire.go('/reglages/importer');
  await claire.page.locator('.page--narrow').getByRole('button', { name: 'Choisir un fichier' }).waitFor();
  await shot(claire, 'import-empty');
  const file = path.join(folder, 'clients.csv');
  fs.writeFileSync(file, CSV);
  const chooser = claire.page.waitForEvent('filechooser');
  await button(claire, 'Choisir un fichier').click();
  await (await chooser).setFiles(file);
  const column = (name) => claire.page.locator('.sheet__row').filter({ hasText: name });
  await says(column('Tél'), 'Téléphone');
  await says(column('Commune'), 'Ville');
  await says(column('Divers'), 'non importée');
  await column('Divers').getByRole('button', { name: /^Changer/ }).click();
  await dialog(claire).getByLabel('Cette colonne contient').selectOption({ label: 'Note' });
  await dialog(claire).getByRole('button', { name: 'Choisir', exact: true }).click();
  await says(column('Divers'), 'Note');
  await shot(claire, 'import-columns');
});

step('what stops a row is said, and nothing is written before one has decided', async () => {
  await button(claire, 'Vérifier les lignes, sans rien écrire').click();
  await says(claire.page.locator('.banner'), 'Une ligne ne peut pas être importée');
  await says(claire.page.locator('.sheet__row'), 'Ligne 4');
  assert.equal(await claire.page.getByRole('button', { name: /^Créer/ }).count(), 0);
  await shot(claire, 'import-findings');
  await button(claire, 'Laisser cette ligne de côté').click();
  await button(claire, 'Créer 2 dossiers').click();
  await says(claire.page.locator('.banner'), '2 dossiers ont été créés');
  await shot(claire, 'import-done');
});

step('the rows are dossiers, with what was wrong flagged', async () => {
  await claire.page.locator('.sheet__row').filter({ hasText: 'MOUNIER' }).getByRole('link').click();
  await claire.page.getByRole('heading', { name: 'MOUNIER Albert' }).waitFor();
  await says(claire.page.locator('.field__problem'), 'TEL-1');
  await claire.find('Ravier');
  dossier = new URL(claire.page.url()).pathname;
  await says(claire.receipt('Ville'), 'au relais');
});

step('a dossier leaves as documents that the JavaScript library opens, and as JSON', async () => {
  await open(claire, `${dossier}/historique`);
  const zip = await saved(() => button(claire, 'Tout le dossier en documents Automerge').click());
  const files = unpacked(zip.bytes);
  const client = Automerge.load(new Uint8Array(files['client.automerge']));
  assert.equal(String(client.champs['identite.nom']), 'Ravier');
  assert.ok(Automerge.getHistory(client).length >= 2, 'with its history');
  const json = await saved(() => button(claire, 'Tout le dossier en JSON').click());
  assert.equal(JSON.parse(json.bytes.toString('utf8')).name, JSON.parse(files['dossier.json'].toString('utf8')).name);
});

step('a paper is made as PDF and stays with the dossier', async () => {
  await open(claire, `${dossier}/imprimer/recueil`);
  await claire.page.locator('.paper').waitFor();
  await button(claire, 'Garder en PDF dans le dossier').click();
  await says(claire.page.locator('.toast, [role=status]'), 'est avec les fichiers du dossier');
  await open(claire, dossier);
  const row = claire.page.locator('.sheet__row').filter({ hasText: 'Recueil' });
  await says(row, 'au relais');
  const { bytes } = await saved(() => row.getByRole('button', { name: /^Voir/ }).click());
  assert.equal(bytes.toString('latin1', 0, 8), '%PDF-1.7');
  assert.match(bytes.toString('latin1'), /<pdfaid:part>2<\/pdfaid:part>/);
});

step('the list that is shown leaves for a spreadsheet', async () => {
  await claire.go('/dossiers');
  await claire.page.getByLabel('Chercher un dossier').fill('Ravier');
  await claire.page.getByText('Filtrer', { exact: true }).click();
  const { name, bytes } = await saved(() => button(claire, 'Exporter cette liste (CSV)').click());
  const lines = bytes.toString('utf8').trim().split('\r\n');
  assert.equal(name, 'dossiers.csv');
  assert.equal(lines.length, 2, lines.join(' | '));
  assert.match(lines[1], /Ravier;Huguette/);
});

step('without network, the import says so and nothing is lost', async () => {
  await claire.go('/reglages/importer');
  await button(claire, 'Choisir un fichier').waitFor();
  claire.line.cut();
  const chooser = claire.page.waitForEvent('filechooser');
  await button(claire, 'Choisir un fichier').click();
  await (await chooser).setFiles(path.join(folder, 'clients.csv'));
  await says(claire.page.locator('.banner'), 'Le relais n’est pas joignable');
  claire.line.mend();
});

step('no page complained', () => assert.deepEqual(claire.errors, []));
