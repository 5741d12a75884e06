// How people get in: invited on one screen, let in on another.
import assert from 'node:assert/strict';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { says } from './acts.mjs';

export const button = (device, name) => device.page.getByRole('button', { name }).first();
export const dialog = (device) => device.page.getByRole('dialog');

// The link that is on the screen; what stands behind # in it is what lets in.
export async function tokenOn(device) {
  await device.page.locator('.sheet__picture').waitFor();
  const link = await device.page.locator('#lien').inputValue();
  assert.match(link, /\/invitation#[0-9a-f]{64}$/);
  return link.split('#')[1];
}

// What a telephone's camera reads from the picture on the screen.
export async function scan(device) {
  const picture = PNG.sync.read(await device.page.locator('.sheet__picture').screenshot());
  const code = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  assert.ok(code, 'the picture is a QR code that a camera can read');
  return code.data;
}

export async function invite(office, name, email, role) {
  await office.go('/reglages/personnes');
  await office.page.getByRole('link', { name: 'Inviter quelqu’un' }).click();
  await office.page.getByLabel('Prénom et nom').fill(name);
  await office.page.getByLabel('Adresse électronique').fill(email);
  await office.page.getByLabel(role, { exact: true }).check();
  await button(office, 'Préparer l’invitation').click();
  return tokenOn(office);
}

// Follows a link; a password makes an account, none links a device.
export async function accept(device, token, password) {
  await device.go(`/invitation#${token}`);
  await device.page.getByRole('heading', { name: /^Bonjour/ }).waitFor();
  if (password) {
    await device.page.getByLabel('Choisissez un mot de passe').fill(password);
    await button(device, 'Ouvrir mon compte').click();
  } else {
    await button(device, 'Relier cet appareil').click();
  }
}

// Somebody new to this browser chooses its code, and is in.
export async function inside(device) {
  await device.page.getByRole('heading', { name: 'Choisissez un code' }).waitFor();
  await device.chooseCode();
  await device.dossiers.or(device.today).waitFor();
  if (await device.today.isVisible()) await device.toList();
  await device.dossiers.waitFor();
  await device.keptOpen();
}

// Takes somebody off the team of a dossier, from now on; gives their row.
export async function takeOffTeam(office, dossier, name) {
  await office.go(`${dossier}/prestation`);
  const row = office.page.locator('.sheet__row').filter({ hasText: name });
  await row.getByRole('button', { name: 'Retirer de l’équipe' }).click();
  await dialog(office).getByRole('button', { name: 'Retirer de l’équipe' }).click();
  await says(row, 'retiré');
  await says(row, 'au relais');
  return row;
}

// Puts somebody on the team of a dossier, from today on; gives their row.
export async function putOnTeam(office, dossier, name) {
  await office.go(`${dossier}/prestation`);
  await button(office, 'Ajouter à l’équipe').click();
  await office.page.locator('#equipe-qui').selectOption({ label: name });
  await dialog(office).getByRole('button', { name: 'Ajouter à l’équipe' }).click();
  const row = office.page.locator('.sheet__row').filter({ hasText: name });
  await says(row, 'au relais');
  return row;
}
