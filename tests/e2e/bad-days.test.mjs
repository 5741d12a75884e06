// Bad days: what a person sees, and keeps, when something refuses, breaks or dies. Each stands alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { TRANSMISSION, banner, deviceOf, open, openFirst, says, status, transmit, value } from './lib/acts.mjs';
import { killBrowser } from './lib/browser.mjs';
import { PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';

const LIMIT = { timeout: 90_000 };
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

const device = (...given) => deviceOf(given[0], relay, ...given.slice(1));

test('a refused change is set aside whole, with its reason; nothing else is affected', LIMIT, async (context) => {
  const paul = await device(context, 'paul.bernard');
  const lea = await device(context, 'lea.moreau', { viewport: PHONE });
  for (const device of [paul, lea]) await device.signIn();
  const address = await openFirst(paul);
  await open(lea, address);
  const before = { ville: await paul.field('Ville').inputValue(), note: await paul.field('Note').inputValue() };
  assert.notEqual(before.ville, '');
  await paul.readyForOffline();
  paul.line.cut();
  await status(paul, /Hors ligne/);
  await paul.field('Ville').fill('Ville-Refusée');
  await says(paul.receipt('Ville'), 'sur cet ordinateur');
  await paul.field('Note').fill(`${before.note} Phrase refusée.`);
  await says(paul.receipt('Note'), 'sur cet ordinateur');
  await paul.page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(paul, 'Écrit dans la même absence.');
  await lea.page.evaluate(() => {
    window.seen = false;
    const look = () => (window.seen ||= [...document.querySelectorAll('input, textarea')].some((field) => /refusée/i.test(field.value)));
    setInterval(look, 20);
  });
  const dossier = new URL(paul.page.url()).pathname.split('/')[2];
  await relay.command(['keys', 'destroy', '--dossier', dossier, '--yes']);
  paul.line.mend();
  await status(paul, /refusé/);
  await paul.page.getByRole('link', { name: 'Le client' }).click();
  await value(paul, 'logement-ville', before.ville);
  await value(paul, 'besoins-note', before.note);
  await paul.go('/appareil');
  const refused = paul.page.locator('section').filter({ hasText: 'Refusé par le relais' });
  for (const words of ['Votre rôle ne permet pas', 'Écrit à la suite d’un élément refusé', 'Ville-Refusée', 'Phrase refusée.']) {
    await says(refused, words);
  }
  await shot(paul, 'trouble-refused');
  await paul.page.reload();
  await says(refused, 'Ville-Refusée');
  const kept = [];
  for (const button of await refused.getByRole('button', { name: 'Garder dans un fichier' }).all()) {
    const [file] = await Promise.all([paul.page.waitForEvent('download'), button.click()]);
    kept.push(JSON.parse(fs.readFileSync(await file.path(), 'utf8')));
  }
  const words = JSON.stringify(kept.map((file) => file.written));
  assert.match(words, /Ville-Refusée/);
  assert.match(words, /Phrase refusée\./);
  assert.ok(kept.every((file) => /^[0-9a-f]{64}$/.test(file.change) && file.automerge_change_hex.length > 0));
  // Another dossier goes on as before.
  await paul.go('/dossiers');
  await paul.page.locator('.list a').nth(1).click();
  await paul.page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(paul, 'Écrit ailleurs.');
  await says(paul.page.locator('.entry').filter({ hasText: 'Écrit ailleurs.' }), 'au relais');
  assert.equal(await lea.page.evaluate(() => window.seen), false, 'another device showed the refused value');
  assert.deepEqual([paul.errors, lea.errors], [[], []]);
});

test('the application panics: a screen says what is safe, and « Recharger » goes on from there', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.signIn();
  const address = `${await openFirst(sonia)}/transmissions`;
  await sonia.readyForOffline();
  sonia.line.cut();
  await sonia.page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(sonia, 'Écrit avant la panne.');
  await says(sonia.page.locator('.entry .receipt'), 'sur ce téléphone');
  // A real panic: Automerge cannot go on without the browser's random numbers.
  await sonia.page.evaluate(() => {
    crypto.getRandomValues = () => {
      throw new DOMException('No entropy', 'OperationError');
    };
  });
  await sonia.page.getByRole('link', { name: 'Dossiers' }).last().click();
  await sonia.page.locator('.list a').nth(1).click();
  const screen = sonia.page.locator('#panne');
  await says(screen, 'Liaison s’est arrêté');
  await says(screen, 'Ce qui était enregistré sur cet appareil y est toujours');
  assert.equal(await sonia.page.locator('body > :not(#panne):visible').count(), 0, 'nothing that is dead can be used');
  assert.match(sonia.errors.join(), /panicked/);
  await shot(sonia, 'trouble-panic');
  await screen.getByRole('button', { name: 'Recharger' }).click();
  await sonia.page.locator('h1:visible').first().waitFor();
  await open(sonia, address);
  await says(sonia.page.locator('.entry').filter({ hasText: 'Écrit avant la panne.' }), 'sur ce téléphone');
  sonia.line.mend();
  await says(sonia.page.locator('.entry').filter({ hasText: 'Écrit avant la panne.' }), 'au relais');
});

test('a release that cannot start says so, and « Recharger » recovers', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.context.route('**/*.wasm', (route) => route.abort());
  await sonia.go('/dossiers');
  const screen = sonia.page.locator('#panne');
  await screen.waitFor();
  await says(screen, 'Ce que vous avez saisi reste sur cet appareil');
  await shot(sonia, 'trouble-not-started');
  await sonia.context.unroute('**/*.wasm');
  await screen.getByRole('button', { name: 'Recharger' }).click();
  await sonia.page.getByRole('heading', { name: 'Se connecter' }).waitFor();
});

test('a wrong clock is said; edits travel all the same', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  const paul = await device(context, 'paul.bernard');
  await claire.context.addInitScript(() => {
    const now = Date.now;
    Date.now = () => now() + 2 * 3600_000;
  });
  for (const device of [claire, paul]) await device.signIn();
  const address = await openFirst(claire);
  await open(paul, address);
  await claire.field('Note').fill('Écrit deux heures trop tôt.');
  await value(paul, 'besoins-note', 'Écrit deux heures trop tôt.');
  await says(claire.receipt('Note'), 'au relais');
  await claire.page.getByRole('link', { name: 'Cet appareil' }).first().click();
  await banner(claire, /L’horloge de cet appareil avance de (119\smin|2\sh)/).waitFor();
  await shot(claire, 'trouble-clock');
  assert.deepEqual([claire.errors, paul.errors], [[], []]);
});

test('a session that ended: sign in again, and what was not sent leaves', LIMIT, async (context) => {
  const lea = await device(context, 'lea.moreau', { viewport: PHONE });
  const answer = lea.page.waitForResponse('**/api/login').then((response) => response.json());
  await lea.signIn();
  const address = await openFirst(lea);
  await lea.page.getByRole('link', { name: 'Transmissions' }).click();
  lea.line.cut();
  await transmit(lea, 'Écrit avant la fin de la session.');
  await says(lea.page.locator('.entry .receipt'), 'sur ce téléphone');
  const headers = { Authorization: `Bearer ${(await answer).token}` };
  const logout = await fetch(`http://127.0.0.1:${relay.port}/api/logout`, { method: 'POST', headers });
  assert.equal(logout.status, 204);
  lea.line.mend();
  await banner(lea, 'Le relais demande de vous reconnecter').waitFor();
  await transmit(lea, 'Écrit sans session.');
  await shot(lea, 'trouble-session');
  await lea.page.getByRole('button', { name: 'Se reconnecter' }).click();
  await lea.page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await lea.signIn();
  await open(lea, `${address}/transmissions`);
  for (const text of ['Écrit avant la fin de la session.', 'Écrit sans session.']) {
    await says(lea.page.locator('.entry').filter({ hasText: text }).locator('.receipt'), 'au relais');
  }
  assert.deepEqual(lea.errors, []);
});

test('a browser killed right after a receipt has what the receipt said', LIMIT, async (context) => {
  const sonia = await device(context, 'sonia.haddad', { viewport: PHONE });
  await sonia.signIn();
  const address = `${await openFirst(sonia)}/transmissions`;
  await sonia.readyForOffline();
  sonia.line.cut();
  await sonia.page.getByRole('link', { name: 'Transmissions' }).click();
  await transmit(sonia, 'Écrit juste avant la fin.');
  await says(sonia.page.locator('.entry').filter({ hasText: 'juste avant' }).locator('.receipt'), 'sur ce téléphone');
  await killBrowser(sonia);
  await sonia.open();
  await sonia.unlock();
  await open(sonia, address);
  const entry = sonia.page.locator('.entry').filter({ hasText: 'Écrit juste avant la fin.' });
  await says(entry.locator('.receipt'), 'sur ce téléphone');
  sonia.line.mend();
  await says(entry.locator('.receipt'), 'au relais');
  assert.equal(await entry.count(), 1);
});

test('a line that comes and goes: both devices end alike, every text there once', LIMIT, async (context) => {
  const claire = await device(context, 'claire.martin');
  const paul = await device(context, 'paul.bernard');
  const both = [claire, paul];
  for (const device of both) await device.signIn();
  const address = await openFirst(claire);
  await open(paul, address);
  await claire.field('Note').fill('Note.');
  await value(paul, 'besoins-note', 'Note.');
  const second = await Promise.all(both.map(async (device) => {
    const page = await device.context.newPage();
    device.watch(page);
    await page.goto(`${device.line.url}${address}/transmissions`);
    return page;
  }));
  for (let turn = 1; turn <= 15; turn += 1) {
    for (const [index, device] of both.entries()) {
      (turn + index) % 2 ? device.line.cut() : device.line.mend();
      await second[index].getByLabel(TRANSMISSION).fill(`Passage ${turn} de ${device.email}`);
      await second[index].getByRole('button', { name: 'Transmettre' }).click();
      const note = device.field('Note');
      await note.focus();
      await note.press('Control+End');
      await note.pressSequentially(` ${index ? 'p' : 'c'}${turn}.`);
    }
    await claire.page.waitForTimeout(300 + ((turn * 211) % 600));
  }
  for (const device of both) device.line.mend();
  for (const device of both) {
    await device.page.bringToFront();
    // After so many cuts the next attempt may be half a minute away (LINK-2).
    await status(device, /Tout est au relais/, 45_000);
  }
  const words = Array.from({ length: 15 }, (_, index) => [`c${index + 1}.`, `p${index + 1}.`]).flat();
  for (const device of both) {
    await device.page.waitForFunction((words) => {
      const note = document.getElementById('besoins-note').value;
      return words.every((word) => note.includes(` ${word}`));
    }, words);
  }
  const notes = await Promise.all(both.map((device) => device.field('Note').inputValue()));
  assert.equal(notes[0], notes[1]);
  for (const word of words) assert.equal(notes[0].split(` ${word}`).length, 2, `${word} once in « ${notes[0]} »`);
  for (const page of second) {
    await page.bringToFront();
    await page.waitForFunction(() => document.querySelectorAll('.entry__text').length >= 30);
    const texts = (await page.locator('.entry__text').allTextContents()).filter((text) => text.startsWith('Passage'));
    assert.equal(texts.length, 30);
    assert.equal(new Set(texts).size, 30);
  }
  assert.deepEqual([claire.errors, paul.errors], [[], []]);
});
