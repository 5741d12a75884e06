// The office plans a week: a visit is moved with the keyboard and the mouse, called off and put back, given to somebody else;
// visits are begun as drafts and published; somebody is away.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { says, status } from './lib/acts.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { button, dialog } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
let relay;
let claire;

before(async () => {
  relay = await Relay.start({ dossiers: 60 });
  claire = await Device.of('claire.martin@liaison.demo', relay);
});

after(async () => {
  await claire?.dispose();
  await relay?.stop();
});

const row = (name) => claire.page.locator('.week__row').filter({ hasText: name });
// One day of a row, Monday first.
const day = (name, number) => row(name).locator('.week__cell').nth(number);
const toast = (text) => says(claire.page.locator('.toast'), text);
const undo = async () => {
  await claire.page.locator('.toast').last().getByRole('button', { name: 'Annuler' }).click();
  await toast('C’est comme avant.');
};

step('the week is there, by intervenant and by client', async () => {
  await claire.signIn();
  await status(claire, /Tout est au relais/, 30_000);
  await claire.page.getByRole('link', { name: 'Planning' }).first().click();
  await row('Sonia Haddad').locator('.visit').first().waitFor({ timeout: 20_000 });
  await shot(claire, 'planning-week');
  await claire.page.getByRole('link', { name: 'Par client' }).click();
  await claire.page.getByRole('columnheader', { name: 'Client' }).waitFor();
  await shot(claire, 'planning-clients');
  await claire.page.getByRole('link', { name: 'Par intervenant' }).click();
  await row('Sonia Haddad').locator('.visit').first().waitFor();
});

step('the arrows move a visit to the next day, and the message takes it back', async () => {
  const monday = day('Sonia Haddad', 0).locator('.visit');
  const before = await monday.count();
  const card = await monday.first().getAttribute('id');
  await claire.page.locator(`#${card}`).focus();
  await claire.page.keyboard.press('ArrowRight');
  await day('Sonia Haddad', 1).locator(`#${card}`).waitFor();
  assert.equal(await monday.count(), before - 1);
  await claire.page.waitForFunction((id) => document.activeElement?.id === id, card);
  await undo();
  await day('Sonia Haddad', 0).locator(`#${card}`).waitFor();
});

step('the mouse carries a visit to another person, who gets into the team', async () => {
  const card = day('Sonia Haddad', 3).locator('.visit').first();
  const id = await card.getAttribute('id');
  const [from, to] = [await card.boundingBox(), await day('Léa Moreau', 4).boundingBox()];
  await claire.page.mouse.move(from.x + 30, from.y + 15);
  await claire.page.mouse.down();
  // Its upper part may be under the head of the page.
  await claire.page.mouse.move(to.x + 40, to.y + to.height - 30, { steps: 8 });
  await shot(claire, 'planning-drag');
  await claire.page.mouse.up();
  await day('Léa Moreau', 4).locator(`#${id}`).waitFor();
  await undo();
  await day('Sonia Haddad', 3).locator(`#${id}`).waitFor();
});

step('Enter opens a visit, which is called off and put back', async () => {
  const card = day('Sonia Haddad', 4).locator('.visit').first();
  const id = await card.getAttribute('id');
  await card.focus();
  await claire.page.keyboard.press('Enter');
  await button(claire, 'Annuler la visite').waitFor();
  await claire.page.waitForTimeout(300);
  await shot(claire, 'planning-visit');
  await button(claire, 'Annuler la visite').click();
  await says(claire.page.locator(`#${id}`), 'annulée');
  await claire.page.locator(`#${id}`).click();
  await button(claire, 'Remettre comme prévu').click();
  await claire.page.locator(`#${id}:not(:has-text("annulée"))`).waitFor();
});

step('somebody else is found for a visit', async () => {
  await day('Sonia Haddad', 4).locator('.visit').first().click();
  await button(claire, 'Remplacer').click();
  await says(dialog(claire).locator('.sheet__row'), 'Léa Moreau');
  await dialog(claire).getByRole('button', { name: /^Proposer : Léa/ }).click();
  await dialog(claire).getByRole('button', { name: /^✓ Proposée : Léa/ }).waitFor();
  await shot(claire, 'planning-replace');
  await button(claire, 'Proposer aux personnes choisies').click();
  await toast('Visite proposée à 1');
  await says(row('Sans intervenant').locator('.visit'), 'proposée à 1');
});

step('visits are begun as drafts, and published', async () => {
  await claire.page.getByRole('link', { name: 'Nouvelle visite' }).click();
  await claire.page.getByLabel('Client', { exact: true }).fill('a');
  await shot(claire, 'planning-new-client');
  await dialog(claire).getByRole('button', { name: /^Choisir/ }).first().click();
  await claire.page.getByLabel('Visites régulières').check();
  await dialog(claire).getByRole('button', { name: 'lun.' }).click();
  await dialog(claire).getByRole('button', { name: 'sam.' }).click();
  await claire.page.getByLabel('De', { exact: true }).fill('19:00');
  await claire.page.getByLabel('À', { exact: true }).fill('20:00');
  await claire.page.getByLabel('Intervenant', { exact: true }).selectOption({ label: 'Léa Moreau' });
  await claire.page.getByLabel('État').selectOption('Brouillon');
  await shot(claire, 'planning-new');
  await button(claire, 'Créer la visite').click();
  await toast('Visites régulières créées');
  await claire.page.getByRole('link', { name: 'Brouillons et réponses' }).click();
  await shot(claire, 'planning-drafts');
  await button(claire, 'Publier les brouillons').click();
  await says(dialog(claire), 'visites seront publiées');
  await shot(claire, 'planning-publish');
  await dialog(claire).getByRole('button', { name: 'Publier', exact: true }).click();
  await toast('visites publiées');
  await says(claire.page.locator('.sheet__row'), 'sans réponse');
  await shot(claire, 'planning-answers');
});

step('somebody is away: the visits of these days are said', async () => {
  await claire.page.getByRole('link', { name: 'Par intervenant' }).click();
  await row('Sonia Haddad').getByRole('link', { name: 'Sonia Haddad' }).click();
  await button(claire, 'Ajouter l’absence').click();
  await toast('Absence ajoutée');
  await says(dialog(claire).locator('.sheet__row'), /visites? ces jours-là/);
  await shot(claire, 'planning-person');
  await claire.page.keyboard.press('Escape');
  await says(row('Sonia Haddad'), 'PLAN-ABSENCE');
});

step('the months to come and the pool are a tab away', async () => {
  await claire.page.getByRole('link', { name: 'Mois à venir' }).click();
  await claire.page.getByRole('heading', { name: 'Toute l’agence' }).waitFor();
  // The office scrolls beside the rail.
  await claire.page.evaluate(() => document.querySelector('.shell__main').scrollTo(0, 0));
  await shot(claire, 'planning-load');
  await claire.page.getByRole('link', { name: 'Vivier', exact: true }).click();
  await claire.page.getByLabel('Nom', { exact: true }).fill('Jeanne Perrin');
  await button(claire, 'Ajouter au vivier').click();
  await says(claire.page.locator('.sheet__row'), 'Jeanne Perrin');
  await shot(claire, 'planning-pool');
});

step('on a phone it is one day at a time', async () => {
  await claire.page.setViewportSize(PHONE);
  await claire.page.getByRole('link', { name: 'Par intervenant' }).click();
  await row('Sonia Haddad').locator('.visit').first().waitFor({ state: 'attached' });
  await shot(claire, 'planning-phone');
  await row('Léa Moreau').locator('.visit:visible').first().click();
  await button(claire, 'Annuler la visite').waitFor();
  await shot(claire, 'planning-phone-visit');
  assert.deepEqual(claire.errors, []);
});
