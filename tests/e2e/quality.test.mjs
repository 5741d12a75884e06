// What keeps dossiers right: one person who was written down twice is found and merged, and parted again; one dossier in ten
// is drawn, evaluated, and what follows from it is done.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { open, says, status } from './lib/acts.mjs';
import { Device } from './lib/device.mjs';
import { button } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
let relay;
let claire;
let paul;

before(async () => {
  relay = await Relay.start();
  claire = await Device.of('claire.martin@liaison.demo', relay);
  paul = await Device.of('paul.bernard@liaison.demo', relay);
});

after(async () => {
  for (const device of [claire, paul]) await device?.dispose();
  await relay?.stop();
});

async function call(device, { prenom, nom, phone, asks }) {
  await device.page.keyboard.press('n');
  await device.page.getByLabel('Prénom').fill(prenom);
  await device.page.getByLabel('Nom', { exact: true }).fill(nom);
  await device.page.getByLabel('Téléphone', { exact: true }).fill(phone);
  await device.page.getByLabel('Ville').fill('Voiron');
  await device.page.getByLabel('Ce que la personne demande').fill(asks);
}

const created = (device, name) => device.page.getByRole('heading', { name }).first().waitFor();

step('two receptions, both without network, open a dossier for the same person', async () => {
  for (const device of [claire, paul]) await device.signIn();
  for (const device of [claire, paul]) device.line.cut();
  await call(claire, { prenom: 'Bernadette', nom: 'Thévenet', phone: '06 39 98 77 01', asks: 'Une aide au repas.' });
  await button(claire, 'Ouvrir le dossier').click();
  await created(claire, 'THÉVENET Bernadette');
  await call(paul, { prenom: 'Bernadette', nom: 'Thevenet', phone: '06 39 98 77 01', asks: 'Des courses le jeudi.' });
  await button(paul, 'Ouvrir le dossier').click();
  await created(paul, 'THEVENET Bernadette');
  for (const device of [claire, paul]) device.line.mend();
  for (const device of [claire, paul]) await status(device, /Tout est au relais/, 30_000);
});

step('a third call for her is answered with what is there', async () => {
  await call(paul, { prenom: 'Bernadette', nom: 'Tévenet', phone: '06 39 98 77 01', asks: 'Rappel.' });
  await paul.page.getByRole('link', { name: /TH[EÉ]VENET Bernadette/ }).first().waitFor();
  await shot(paul, 'duplicate-proposed');
});

step('the two are found, one is taken over into the other, and nothing is lost', async () => {
  await claire.go('/reglages/doublons');
  await button(claire, 'Chercher les doublons').click();
  const pair = claire.page.locator('.sheet__row').filter({ hasText: 'THÉVENET' }).first();
  await pair.waitFor();
  await shot(claire, 'duplicates');
  await pair.getByRole('button', { name: /^Reprendre dans/ }).first().click();
  await says(claire.page.locator('.toast, [role=status]'), 'Le dossier est repris');
  await claire.page.locator('.sheet__row').getByRole('button', { name: /^Séparer à nouveau/ }).waitFor();
  await claire.go('/dossiers');
  await claire.page.getByLabel('Chercher un dossier').fill('Thevenet');
  await claire.page.waitForFunction(() => document.querySelectorAll('.list a').length === 1);
  // What happened stays where it was written: the other one is a click away.
  await claire.go('/reglages/doublons');
  await claire.page.locator('.sheet__row', { has: claire.page.getByRole('button', { name: /^Séparer/ }) }).getByRole('link').click();
  await claire.page.getByRole('link', { name: 'Historique', exact: true }).click();
  await says(claire.page.locator('.sheet__row'), /Une aide au repas\.|Des courses le jeudi\./);
});

step('they can be parted again', async () => {
  await claire.go('/reglages/doublons');
  await claire.page.locator('.sheet__row').getByRole('button', { name: /^Séparer à nouveau/ }).click();
  await says(claire.page.locator('.toast, [role=status]'), 'de nouveau séparés');
  await claire.go('/dossiers');
  await claire.page.getByLabel('Chercher un dossier').fill('Thevenet');
  await claire.page.waitForFunction(() => document.querySelectorAll('.list a').length === 2);
});

step('one dossier in ten is drawn, with the seed it was drawn by', async () => {
  await claire.go('/reglages/audit');
  await button(claire, /au sort$/).click();
  await says(claire.page.locator('.sheet__row'), 'graine');
  await shot(claire, 'audit-drawn');
});

step('a dossier is evaluated, and what is to be done about it is followed', async () => {
  const drawn = claire.page.locator('.sheet__row').filter({ has: claire.page.getByRole('button', { name: /^Ouvrir le dossier/ }) }).first();
  await drawn.getByRole('button', { name: /^Noter une action/ }).click();
  await claire.page.waitForURL(/\/fiche\//);
  await claire.field('Action').fill('Réévaluer les besoins');
  await claire.field('Action').blur();
  await claire.page.waitForTimeout(700);
  await status(claire, /Tout est au relais/);
  await claire.go('/reglages/audit');
  await drawn.getByRole('link').first().click();
  await claire.page.waitForURL(/\/fiche\//);
  for (const label of ['Contenu type', 'Complétude', 'Mise à jour']) {
    await claire.field(label).selectOption({ label: 'Conforme' });
  }
  await status(claire, /Tout est au relais/);
  await claire.go('/reglages/audit');
  await says(claire.page.locator('.sheet__row'), 'Conforme : 1');
  await says(claire.page.locator('.sheet__row'), 'Réévaluer les besoins');
  await shot(claire, 'audit-report');
});

step('no page complained', () => {
  for (const device of [claire, paul]) assert.deepEqual(device.errors, [], device.email);
});
