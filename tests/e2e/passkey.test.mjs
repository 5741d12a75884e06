// A fingerprint or a face as a second way in: never the only one, and nothing in clear because of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { banner, deviceOf, says } from './lib/acts.mjs';
import { PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';

const LIMIT = { timeout: 120_000 };
const ADD = 'Ouvrir aussi par l’empreinte ou le visage';
const REMOVE = 'Ne plus ouvrir par l’empreinte ou le visage';
const OPEN = 'Empreinte ou visage';
let relay;

before(async () => {
  relay = await Relay.start();
});

after(() => relay?.stop());

const button = (device, name) => device.page.getByRole('button', { name, exact: true });
const locked = (device) => device.page.getByRole('heading', { name: 'Liaison est verrouillé' }).waitFor();

// A device that recognises its owner, or does not; `hasPrf`: whether it has a secret to give.
async function withFingers(device, hasPrf) {
  const session = await device.context.newCDPSession(device.page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
}

async function lockNow(device) {
  await button(device, 'Verrouiller maintenant').click();
  await locked(device);
}

test('a fingerprint opens, without network too; the code always does, and five wrong ones close it to both', LIMIT, async (context) => {
  const sonia = await deviceOf(context, relay, 'sonia.haddad', { viewport: PHONE });
  const recognised = await withFingers(sonia, true);
  await sonia.signIn();
  await sonia.page.getByRole('link', { name: /^(Cet appareil|Moi)$/ }).last().click();
  await button(sonia, ADD).click();
  await button(sonia, REMOVE).waitFor();
  await shot(sonia, 'passkey-setting-phone');
  await lockNow(sonia);
  await shot(sonia, 'passkey-lock-phone');
  sonia.line.cut();
  await button(sonia, OPEN).click();
  await button(sonia, REMOVE).waitFor();

  await lockNow(sonia);
  await recognised(false);
  await button(sonia, OPEN).click();
  await says(sonia.page.locator('.banner'), 'n’a pas reconnu');
  await shot(sonia, 'passkey-refused-phone');
  await sonia.typeCode();
  await button(sonia, REMOVE).waitFor();

  await recognised(true);
  await lockNow(sonia);
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await sonia.typeCode('999998');
    if (wrong < 4) await says(sonia.page.locator('.banner'), `reste ${4 - wrong}`);
  }
  await sonia.page.getByRole('heading', { name: 'Votre mot de passe' }).waitFor();
  assert.equal(await button(sonia, OPEN).count(), 0, 'only the password');
  await sonia.page.reload();
  await sonia.page.getByRole('heading', { name: 'Votre mot de passe' }).waitFor();
  assert.equal(await button(sonia, OPEN).count(), 0);
  assert.deepEqual(sonia.errors, []);
});

test('it can be taken back', LIMIT, async (context) => {
  const claire = await deviceOf(context, relay, 'claire.martin');
  await withFingers(claire, true);
  await claire.signIn();
  await claire.go('/appareil');
  await button(claire, ADD).click();
  await button(claire, REMOVE).click();
  await button(claire, ADD).waitFor();
  await lockNow(claire);
  assert.equal(await button(claire, OPEN).count(), 0);
  await claire.typeCode();
  await button(claire, ADD).waitFor();
});

test('where the device has no secret to give, nothing is promised', LIMIT, async (context) => {
  const claire = await deviceOf(context, relay, 'claire.martin');
  await claire.signIn();
  await claire.go('/appareil');
  await button(claire, 'Verrouiller maintenant').waitFor();
  assert.equal(await button(claire, ADD).count(), 0, 'no such device');
  await withFingers(claire, false);
  await claire.page.reload();
  await button(claire, ADD).click();
  await banner(claire, 'n’a pas reconnu').or(claire.page.locator('.toast').filter({ hasText: 'n’a pas reconnu' })).first().waitFor();
  assert.equal(await button(claire, REMOVE).count(), 0);
});
