// The story of the foundation: dossiers edited without network, in real browsers, with a relay that dies in the middle.
// Each step stands on the one before.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { open } from './lib/acts.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { putOnTeam } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
let relay;
let claire;
let paul;
let sonia;

before(async () => {
  relay = await Relay.start();
  claire = await Device.of('claire.martin@liaison.demo', relay);
  paul = await Device.of('paul.bernard@liaison.demo', relay);
  sonia = await Device.of('sonia.haddad@liaison.demo', relay, { viewport: PHONE });
});

after(async () => {
  for (const device of [claire, paul, sonia]) await device?.dispose();
  await relay?.stop();
});

const says = (locator, text) => locator.filter({ hasText: text }).first().waitFor();

step('the office opens a dossier from a first call', async () => {
  await claire.signIn();
  await shot(claire, 'office-list');
  await claire.page.keyboard.press('n');
  const { page } = claire;
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await says(page.locator('#manque'), 'Il manque encore');
  await page.getByLabel('Prénom').fill('Odette');
  await page.getByLabel('Nom', { exact: true }).fill('Lachenal');
  await page.getByLabel('Téléphone', { exact: true }).fill('06 39 98 12 34');
  await page.getByLabel('Ce que la personne demande').fill('Aide au ménage, trois heures le mardi.');
  await page.getByLabel('Ville').fill('Saint-Égrève');
  await shot(claire, 'office-first-call');
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await page.getByRole('heading', { name: 'LACHENAL Odette' }).waitFor();
  await says(claire.receipt('Ville'), 'au relais');
});

step('each field is on the computer first, then at the relay', async () => {
  claire.line.cut();
  await claire.field('Note').fill('Aime le thé.');
  await says(claire.receipt('Note'), 'sur cet ordinateur');
  await says(claire.page.getByRole('button', { name: /Hors ligne/ }), '1 élément');
  await shot(claire, 'office-dossier-offline');
  claire.line.mend();
  await says(claire.receipt('Note'), 'au relais');
});

step('a wrong value is kept and flagged', async () => {
  await claire.field('Code postal').fill('3812');
  await says(claire.page.locator('.field__problem'), 'CP-1');
  await says(claire.receipt('Code postal'), 'au relais');
  await claire.page.reload();
  assert.equal(await claire.field('Code postal').inputValue(), '3812');
  await shot(claire, 'office-dossier');
});

step('Sonia is put on the team', async () => {
  const address = new URL(claire.page.url()).pathname;
  await putOnTeam(claire, address, 'Sonia Haddad');
  await open(claire, address);
});

step('a phone starts with the relay unreachable and writes a transmission', async () => {
  await sonia.signIn();
  await sonia.find('Lachenal');
  await sonia.readyForOffline();
  await shot(sonia, 'phone-dossier');
  sonia.line.cut();
  await sonia.closeBrowser();
  await sonia.open();
  await sonia.unlock();
  const { page } = sonia;
  await page.getByRole('heading', { name: 'Dossiers' }).waitFor();
  await page.getByRole('link', { name: /LACHENAL Odette/ }).waitFor();
  await says(page.getByRole('button', { name: /Hors ligne/ }), 'Hors ligne');
  await shot(sonia, 'phone-list-offline');
  await sonia.find('Lachenal');
  await page.getByRole('link', { name: 'Transmissions' }).click();
  await page.getByLabel('Pour la personne qui viendra après vous').fill('Courses faites. Le robinet de la cuisine fuit.');
  await page.getByRole('button', { name: 'Transmettre' }).click();
  await says(page.locator('.entry'), 'Le robinet de la cuisine fuit.');
  await says(page.locator('.entry .receipt'), 'sur ce téléphone');
  await shot(sonia, 'phone-transmission-offline');
  assert.equal(await page.getByRole('link', { name: 'Demandes' }).count(), 0, 'the office’s volet is not on a phone');
});

step('a draft survives a closed browser', async () => {
  await sonia.page.getByLabel('Pour la personne qui viendra après vous').fill('Penser au pain pour jeudi');
  await sonia.page.waitForTimeout(1000);
  await sonia.closeBrowser();
  await sonia.open();
  await sonia.unlock();
  await sonia.find('Lachenal');
  await sonia.page.getByRole('link', { name: 'Transmissions' }).click();
  const box = sonia.page.getByLabel('Pour la personne qui viendra après vous');
  await sonia.page.waitForFunction((id) => document.getElementById(id).value !== '', 'transmission');
  assert.equal(await box.inputValue(), 'Penser au pain pour jeudi');
  await box.fill('');
  await sonia.page.waitForTimeout(600);
});

step('two offices, both cut off, change the same number and write in the same note', async () => {
  await paul.signIn();
  await paul.find('Lachenal');
  await says(paul.receipt('Note'), 'au relais');
  claire.line.cut();
  paul.line.cut();
  await claire.field('Téléphone').first().fill('06 39 98 11 11');
  await paul.field('Téléphone').first().fill('06 39 98 22 22');
  await claire.field('Note').fill('Aime le thé. Le chien s’appelle Filou.');
  await paul.field('Note').fill('Aime le thé. Préfère être rappelée l’après-midi.');
  for (const device of [claire, paul]) await says(device.receipt('Note'), 'sur cet ordinateur');
  for (const device of [claire, paul, sonia]) device.line.mend();
  await sonia.page.bringToFront();
  for (const device of [claire, paul]) {
    const both = device.page.locator('.conflict').first();
    await says(both, '06 39 98 11 11');
    await says(both, '06 39 98 22 22');
    await says(both, 'vous');
    await says(both, device === claire ? 'Paul Bernard' : 'Claire Martin');
    await device.page.waitForFunction((id) => {
      const note = document.getElementById(id).value;
      return note.includes('Filou') && note.includes('l’après-midi') && note.includes('Aime le thé.');
    }, 'besoins-note');
  }
  await shot(claire, 'office-conflict');
  const notes = await Promise.all([claire, paul].map((device) => device.field('Note').inputValue()));
  assert.equal(notes[0], notes[1]);
});

step('the phone has both too, and its transmission is at the relay', async () => {
  const { page } = sonia;
  await says(page.locator('.entry .receipt'), 'au relais');
  await page.getByRole('link', { name: 'Le client' }).click();
  await says(page.locator('.conflict').first(), '06 39 98 22 22');
  await shot(sonia, 'phone-conflict');
});

step('one tap chooses, everywhere', async () => {
  const chosen = paul.page.locator('.conflict__candidate').filter({ hasText: '11 11' });
  await chosen.getByRole('button', { name: 'Garder celui-ci' }).first().click();
  for (const device of [claire, paul, sonia]) {
    await device.page.waitForFunction(() => document.getElementById('contact-telephone').value === '06 39 98 11 11');
    await device.page.locator('.conflict').first().waitFor({ state: 'detached' });
  }
});

step('the history of a field says who, when, from what to what', async () => {
  await claire.page.getByRole('button', { name: 'Historique du champ Téléphone' }).first().click();
  const dialog = claire.page.getByRole('dialog');
  for (const words of ['vous', 'Paul Bernard', '06 39 98 12 34', '06 39 98 11 11', '06 39 98 22 22']) await says(dialog, words);
  await shot(claire, 'office-history');
  await claire.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

step('the relay is killed in the middle: nothing shown as at the relay is lost, nothing is twice', async () => {
  await paul.page.getByRole('link', { name: 'Transmissions' }).click();
  const box = paul.page.getByLabel('Pour la personne qui viendra après vous');
  for (let number = 1; number <= 12; number += 1) {
    await box.fill(`Message numéro ${number}.`);
    await paul.page.getByRole('button', { name: 'Transmettre' }).click();
    if (number === 7) await relay.kill();
  }
  await says(paul.page.getByRole('button', { name: /Hors ligne/ }), 'Hors ligne');
  const safe = await paul.page.locator('.entry').filter({ hasText: 'au relais' }).locator('.entry__text').allTextContents();
  await relay.run();
  await says(paul.page.getByRole('button', { name: /Tout est au relais/ }), 'Tout est au relais');
  await claire.page.getByRole('link', { name: 'Transmissions' }).click();
  await says(claire.page.locator('.entry'), 'Message numéro 12.');
  const seen = await claire.page.locator('.entry__text').allTextContents();
  for (const text of safe) assert.ok(seen.includes(text), `${text} was shown as at the relay`);
  for (let number = 1; number <= 12; number += 1) {
    assert.equal(seen.filter((text) => text === `Message numéro ${number}.`).length, 1, `message ${number}, once`);
  }
});

step('a second tab follows, and takes over when the first is closed', async () => {
  const first = claire.page;
  const second = await claire.context.newPage();
  claire.watch(second);
  await second.goto(first.url());
  await second.getByLabel('Pour la personne qui viendra après vous').fill('Écrit dans le second onglet.');
  await second.getByRole('button', { name: 'Transmettre' }).click();
  await says(first.locator('.entry'), 'Écrit dans le second onglet.');
  await says(second.locator('.entry').filter({ hasText: 'second onglet' }), 'au relais');
  await first.close();
  claire.page = second;
  await second.getByLabel('Pour la personne qui viendra après vous').fill('Écrit après la fermeture du premier.');
  await second.getByRole('button', { name: 'Transmettre' }).click();
  await says(second.locator('.entry').filter({ hasText: 'fermeture du premier' }), 'au relais');
  await says(paul.page.locator('.entry'), 'Écrit après la fermeture du premier.');
});

step('no page complained', () => {
  for (const device of [claire, paul, sonia]) assert.deepEqual(device.errors, [], device.email);
});
