// A new colleague: invited, let in, put on a team, given a second telephone, which is then taken away; and the account
// that is closed in the end.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { banner, open, openFirst, says } from './lib/acts.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { accept, button, dialog, inside, invite as inviteBy, putOnTeam, tokenOn } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const NAME = 'Nadia Benali';
const EMAIL = 'nadia.benali@liaison.demo';
const PHRASE = 'le chat dort sur la commode';
const invite = (...given) => inviteBy(claire, ...given);
const step = story();
let relay;
let claire;
let nadia;
let second;
let officer;
let dossier;
let token;

before(async () => {
  relay = await Relay.start();
  claire = await Device.of('claire.martin@liaison.demo', relay);
  nadia = await Device.of(EMAIL, relay, { viewport: PHONE });
  second = await Device.of(EMAIL, relay, { viewport: PHONE });
  officer = await Device.of('dominique.roy@liaison.demo', relay);
  await claire.signIn();
});

after(async () => {
  for (const device of [claire, nadia, second, officer]) await device?.dispose();
  await relay?.stop();
});

step('Claire invites Nadia, whose invitation then waits', async () => {
  token = await invite(NAME, EMAIL, 'Intervenant');
  await shot(claire, 'invitation-ready');
  await claire.page.keyboard.press('Escape');
  await says(claire.page.locator('.sheet__row'), NAME);
});

step('the same address is not invited twice, and nothing typed is lost', async () => {
  await claire.page.getByRole('link', { name: 'Inviter quelqu’un' }).click();
  await claire.page.getByLabel('Prénom et nom').fill('Quelqu’un d’autre');
  await claire.page.getByLabel('Adresse électronique').fill(claire.email);
  await button(claire, 'Préparer l’invitation').click();
  await banner(claire, 'L’invitation n’est pas faite').waitFor();
  assert.equal(await claire.page.getByLabel('Prénom et nom').inputValue(), 'Quelqu’un d’autre');
});

step('Nadia opens the link: it leaves the address bar, a short password is refused, a phrase is taken', async () => {
  await accept(nadia, token, 'trop court');
  await banner(nadia, '12 caractères').waitFor();
  assert.ok(!nadia.page.url().includes(token), nadia.page.url());
  await shot(nadia, 'invitation');
  await nadia.page.getByLabel('Choisissez un mot de passe').fill(PHRASE);
  await button(nadia, 'Ouvrir mon compte').click();
  await inside(nadia);
});

step('the link has served', async () => {
  await second.go(`/invitation#${token}`);
  await second.page.getByRole('heading', { name: 'Ce lien ne sert plus' }).waitFor();
});

step('put on a team, Nadia has the dossier and reads who is on it', async () => {
  await claire.go('/dossiers');
  dossier = await openFirst(claire);
  const row = await putOnTeam(claire, dossier, NAME);
  await says(row, 'en cours');
  await shot(claire, 'team');
  await open(nadia, `${dossier}/prestation`);
  await says(nadia.page.locator('.sheet__row'), NAME);
  assert.equal(await nadia.page.getByRole('button', { name: 'Retirer de l’équipe' }).count(), 0);
});

step('the team changes without the network, and a departure can be taken back', async () => {
  claire.line.cut();
  const row = claire.page.locator('.sheet__row').filter({ hasText: NAME });
  await row.getByRole('button', { name: 'Retirer de l’équipe' }).click();
  await dialog(claire).getByRole('button', { name: 'Retirer de l’équipe' }).click();
  await says(row, 'retiré');
  await says(row, 'sur cet ordinateur');
  await button(claire, 'Remettre dans l’équipe').click();
  await says(row, 'en cours');
  claire.line.mend();
  await says(row.filter({ hasText: 'en cours' }), 'au relais');
});

step('Nadia names her telephone, and Claire reads that name', async () => {
  await nadia.go('/appareil');
  await nadia.page.getByRole('link', { name: 'Voir vos appareils' }).click();
  await nadia.page.locator('main a.sheet__title').first().click();
  await nadia.page.getByLabel('Nom de l’appareil').fill('Téléphone de Nadia');
  await button(nadia, 'Enregistrer le nom').click();
  await says(nadia.page.locator('.sheet__title'), 'Téléphone de Nadia');
  await claire.go('/reglages/appareils');
  await says(claire.page.locator('.sheet__title'), 'Téléphone de Nadia');
  await shot(claire, 'devices');
});

step('a second telephone is linked without a password', async () => {
  await nadia.page.getByRole('link', { name: 'Relier un autre appareil' }).click();
  await button(nadia, 'Afficher le code').click();
  const link = await tokenOn(nadia);
  await accept(second, link);
  await inside(second);
});

step('and revoked: it is said what happens, and then that it waits for the telephone', async () => {
  await nadia.go('/reglages/mes-appareils');
  const other = nadia.page.locator('.sheet__row').filter({ hasNotText: 'celui-ci' });
  await other.first().locator('a').click();
  await button(nadia, 'Révoquer cet appareil').click();
  await says(dialog(nadia), 'oubliera tous les dossiers');
  await button(nadia, 'Révoquer l’appareil').click();
  await says(nadia.page.locator('.sheet__row'), /révoqué|effacé/);
  await shot(nadia, 'device-revoked');
});

step('without the network these pages say so, and come by themselves when it is back', async () => {
  await claire.readyForOffline();
  claire.line.cut();
  await claire.go('/reglages/personnes');
  await says(claire.page.locator('.empty'), 'Cette page a besoin du réseau');
  await shot(claire, 'people-offline');
  claire.line.mend();
  await claire.page.locator('.sheet__title').filter({ hasText: NAME }).waitFor({ timeout: 30_000 });
});

step('the agency’s numbers are kept within their bounds', async () => {
  await claire.go('/reglages/agence');
  await claire.page.getByLabel(/Sans contact/).fill('90');
  await button(claire, 'Enregistrer les réglages').click();
  await banner(claire, 'Les réglages n’ont pas été enregistrés').waitFor();
  await claire.page.getByLabel(/Sans contact/).fill('10');
  await button(claire, 'Enregistrer les réglages').click();
  await says(claire.page.locator('.toast'), 'Réglages enregistrés');
});

step('the data protection officer reads the access log and decides nothing', async () => {
  await accept(officer, await invite('Dominique Roy', officer.email, 'DPO'), PHRASE);
  await inside(officer);
  await officer.go('/reglages/journal');
  await officer.page.getByLabel('Personne').waitFor();
  assert.equal(await officer.page.getByRole('link', { name: /Réglages de l’agence/ }).count(), 0);
  await officer.go('/reglages/personnes');
  await officer.page.locator('.sheet__title').filter({ hasText: NAME }).waitFor();
  assert.equal(await officer.page.getByRole('link', { name: 'Inviter quelqu’un' }).count(), 0);
});

step('Claire closes the account, asked by name; Nadia’s phone forgets everything', async () => {
  await claire.go('/reglages/personnes');
  await claire.page.locator('main a.sheet__title').filter({ hasText: NAME }).click();
  await button(claire, 'Fermer ce compte').click();
  await says(dialog(claire), `${NAME} ne pourra plus se connecter`);
  await button(claire, `Fermer le compte de ${NAME}`).click();
  await claire.page.getByRole('heading', { name: 'Comptes fermés' }).waitFor();
  await nadia.page.getByRole('heading', { name: 'Cet appareil n’a plus accès à Liaison' }).waitFor({ timeout: 40_000 });
});

step('nothing went wrong on the way', () => {
  for (const device of [claire, nadia, second, officer]) assert.deepEqual(device.errors, [], device.email);
});
