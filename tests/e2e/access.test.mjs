// For everybody: no serious fault that axe finds, everything by the keyboard, and text twice as large.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before } from 'node:test';
import { createRequire } from 'node:module';
import { Device, OFFICE, PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TRANSMISSION = 'Pour la personne qui viendra après vous';
const step = story();
let relay;
let claire;
let paul;
let sonia;
let address;

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

// In light and dark, as wide as an office's screen and as a telephone's.
async function sound(device, name) {
  const { page } = device;
  const faults = new Set();
  for (const viewport of device.viewport === OFFICE ? [OFFICE, PHONE] : [PHONE]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      // Until what was fading has its new colour.
      await page.waitForTimeout(300);
      for (const fault of await examine(page)) faults.add(`${viewport.width} ${colorScheme} ${fault}`);
    }
  }
  await page.setViewportSize(device.viewport);
  await page.emulateMedia({ colorScheme: 'light' });
  assert.deepEqual([...faults], [], name);
}

async function examine(page) {
  // Through the debugger: the page's Content-Security-Policy allows no script of others.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} · ${node.failureSummary.split('\n').at(-1).trim()}`));
}

// Nothing is cut off at the side, and nothing has to be moved sideways.
async function fits(device, name) {
  const [page, window] = await device.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(page <= window, `${name}: ${page} px wide on ${window} px`);
  const out = await device.page.evaluate(() => {
    const visible = (element) => element.checkVisibility() && !element.closest('.visually-hidden, .skip-link, [aria-hidden="true"]');
    const controls = [...document.querySelectorAll('main :is(a, button, input, textarea, select, h1)')].filter(visible);
    return controls.filter((element) => element.getBoundingClientRect().right > innerWidth + 1).map((element) => element.outerHTML.slice(0, 120));
  });
  // A row of tabs may be moved by itself: it holds all of its tabs.
  assert.deepEqual(out.filter((html) => !html.includes('tabs__')), [], `${name}: outside of the page`);
}

const says = (locator, text) => locator.filter({ hasText: text }).first().waitFor();
const focused = (device) => device.page.evaluate(() => document.activeElement.id);

step('the sign-in page', async () => {
  for (const device of [claire, sonia]) {
    await device.go('/');
    await device.page.getByRole('heading', { name: 'Se connecter' }).waitFor();
    await sound(device, 'sign-in');
  }
  await claire.page.getByLabel('Adresse électronique').fill(claire.email);
  await claire.page.getByLabel('Mot de passe').fill('faux');
  await claire.page.keyboard.press('Enter');
  await claire.page.locator('.banner').waitFor();
  await sound(claire, 'sign-in refused');
});

step('the list', async () => {
  for (const device of [claire, paul, sonia]) await device.signIn();
  for (const device of [claire, sonia]) {
    await device.page.locator('.list a').first().waitFor();
    await says(device.page.getByRole('button', { name: /Tout est au relais/ }), 'Tout est au relais');
    await sound(device, 'list');
  }
});

step('a dossier, with a conflict and a flagged field', async () => {
  await claire.page.locator('.list a').first().click();
  await claire.page.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
  address = new URL(claire.page.url()).pathname;
  await paul.go(address);
  await paul.field('Téléphone').first().waitFor();
  for (const device of [claire, paul]) device.line.cut();
  await claire.field('Téléphone').first().fill('06 39 98 11 11');
  await paul.field('Téléphone').first().fill('06 39 98 22 22');
  await paul.field('Code postal').fill('3812');
  for (const device of [claire, paul]) await says(device.receipt('Téléphone').first(), 'sur cet ordinateur');
  await says(paul.receipt('Code postal'), 'sur cet ordinateur');
  await sound(claire, 'dossier offline');
  for (const device of [claire, paul]) device.line.mend();
  // All before any: a page that was away looks for its line less and less often, a new one at once.
  for (const device of [claire, paul, sonia]) await device.go(address);
  for (const device of [claire, paul, sonia]) {
    await device.page.locator('.conflict').first().waitFor();
    await device.page.locator('.field__problem').first().waitFor();
  }
  for (const device of [claire, sonia]) await sound(device, 'dossier');
});

step('the history of a field', async () => {
  await claire.page.getByRole('button', { name: 'Historique du champ Téléphone' }).first().click();
  await claire.page.getByRole('dialog').waitFor();
  await sound(claire, 'history');
  await claire.page.keyboard.press('Escape');
  await claire.page.getByRole('dialog').waitFor({ state: 'hidden' });
});

step('transmissions and requests', async () => {
  for (const device of [claire, sonia]) {
    await device.page.getByRole('link', { name: 'Transmissions' }).click();
    await device.page.getByLabel(TRANSMISSION).fill('Courses faites.');
    await sound(device, 'transmission being written');
    await device.page.getByRole('button', { name: 'Transmettre' }).click();
    await says(device.page.locator('.entry .receipt'), 'au relais');
    await sound(device, 'transmissions');
  }
  await claire.page.getByRole('link', { name: 'Demandes' }).click();
  await claire.page.getByLabel('Ce qui a été demandé ou dit').waitFor();
  await sound(claire, 'requests');
});

step('every other volet, a record, a paper', async () => {
  for (const volet of ['prestation', 'administratif', 'suivi', 'historique']) {
    await claire.go(`${address}/${volet}`);
    await claire.page.locator('.page :is(.sheet__card, .sheet__title, .field):visible').first().waitFor();
    await sound(claire, volet);
  }
  await claire.page.getByRole('link', { name: 'Suivi', exact: true }).click();
  await claire.page.getByRole('button', { name: /^Passer à/ }).first().click();
  await claire.page.getByRole('dialog').waitFor();
  await sound(claire, 'entering a stage');
  await claire.go(`${address}/administratif`);
  await claire.page.getByRole('button', { name: 'Devis', exact: true }).click();
  await claire.page.waitForURL(/\/fiche\//);
  await claire.page.locator('.page .field:visible').first().waitFor();
  await shot(claire, 'access-record');
  await sound(claire, 'record');
  for (const paper of ['recueil', 'dossier']) {
    await claire.go(`${address}/imprimer/${paper}`);
    await claire.page.locator('.paper').waitFor();
    await sound(claire, paper);
  }
});

step('every part of the settings that Claire has', async () => {
  for (const part of ['personnes', 'appareils', 'relire', 'agence', 'audit', 'doublons', 'etablissement', 'personnel', 'importer', 'mes-appareils']) {
    await claire.go(`/reglages/${part}`);
    await claire.page.locator('.page--narrow > :visible').first().waitFor();
    await claire.page.locator('.skeleton').waitFor({ state: 'detached' });
    await sound(claire, part);
  }
});

step('a new dossier, with what is missing', async () => {
  await claire.go('/dossiers/nouveau');
  await claire.page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await says(claire.page.locator('#manque'), 'Il manque encore');
  assert.equal(await focused(claire), 'manque');
  await claire.page.getByLabel('Téléphone', { exact: true }).fill('06 12');
  await sound(claire, 'new dossier');
});

step('this device, with something that has not left', async () => {
  for (const device of [claire, sonia]) {
    await device.go('/appareil');
    await says(device.page.locator('.empty'), 'Rien n’attend son départ');
    await sound(device, 'device');
  }
  await sonia.go(`${address}/transmissions`);
  sonia.line.cut();
  await sonia.page.getByLabel(TRANSMISSION).fill('Écrit sans réseau.');
  await sonia.page.getByRole('button', { name: 'Transmettre' }).click();
  await sonia.page.getByRole('link', { name: /^(Cet appareil|Moi)$/ }).first().click();
  await says(sonia.page.locator('.list'), 'Transmission');
  await sound(sonia, 'device offline');
  sonia.line.mend();
});

step('by the keyboard alone', async () => {
  const { page } = claire;
  await claire.go('/dossiers');
  await page.locator('.list a').first().waitFor();
  await page.keyboard.press('/');
  assert.equal(await focused(claire), 'recherche');
  const name = (await page.locator('.list__title').first().textContent()).trim();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
  const seen = [];
  while (seen.length < 60 && seen.at(-1) !== 'logement-ville') {
    await page.keyboard.press('Tab');
    const { id, ring } = await page.evaluate(() => {
      const { id } = document.activeElement;
      const style = getComputedStyle(document.activeElement);
      return { id, ring: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
    });
    assert.ok(ring || id !== '', `no visible focus after ${seen.join(', ')}`);
    seen.push(id);
  }
  for (const id of ['besoins-note', 'contact-telephone', 'logement-ville']) assert.ok(seen.includes(id), `${id} not in ${seen}`);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Meylan');
  await says(claire.receipt('Ville'), 'au relais');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  assert.ok(await dialog.evaluate((box) => box.contains(document.activeElement)), 'the keyboard is in the dialog');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /Historique du champ/);
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'Nouveau dossier' }).waitFor();
});

step('text twice as large', async () => {
  await sonia.page.setViewportSize({ width: 195, height: 422 });
  for (const [name, path] of [['list', '/dossiers'], ['dossier', address], ['transmissions', `${address}/transmissions`], ['device', '/appareil']]) {
    await sonia.go(path);
    await sonia.page.locator('main :is(input, textarea, .empty):visible').first().waitFor();
    await shot(sonia, `large-text-${name}`);
    await fits(sonia, name);
  }
});

step('no page complained', () => {
  for (const device of [claire, paul, sonia]) assert.deepEqual(device.errors, [], device.email);
});
