// Seed 004, whole: a first call becomes a conforming client. Paul takes the call, Claire sets the dossier up (half of the
// time without network), Nadia calls the client and checks. Whatever « Ensuite » says is one click away.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { open, says, status } from './lib/acts.mjs';
import { Device } from './lib/device.mjs';
import { button, dialog, putOnTeam } from './lib/people.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';

const step = story();
let relay;
let paul;
let claire;
let nadia;
let dossier;

before(async () => {
  relay = await Relay.start();
  paul = await Device.of('paul.bernard@liaison.demo', relay);
  claire = await Device.of('claire.martin@liaison.demo', relay);
  nadia = await Device.of('nadia.ferrand@liaison.demo', relay);
});

after(async () => {
  for (const device of [paul, claire, nadia]) await device?.dispose();
  await relay?.stop();
});

const inYears = (years) => `${new Date().getFullYear() + years}-06-30`;
const TODAY = new Date().toISOString().slice(0, 10);

// Fills the field with this id, and waits until it is kept somewhere.
async function fill(device, id, value) {
  const field = device.page.locator(`#${id}`);
  await field.waitFor();
  if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption({ label: value });
  else await field.fill(value);
  await field.blur();
  await says(device.page.locator('.field', { has: field }).locator('.receipt'), /au relais|sur cet ordinateur/);
}

const fillAll = async (device, values) => {
  for (const [id, value] of Object.entries(values)) await fill(device, id, value);
};

// Adds a record with the button of this name, fills it and comes back to its volet.
async function add(device, volet, name, values) {
  await open(device, `${dossier}${volet}`);
  await device.page.getByRole('button', { name, exact: true }).click();
  await device.page.waitForURL(/\/fiche\//);
  await fillAll(device, values);
}

const row = (device, label) =>
  device.page.locator('.sheet__row').filter({ has: device.page.locator('.sheet__title', { hasText: new RegExp(`^${label}$`) }) });

// Ticks what a person has to say, in this service, until nothing is left to tick.
async function tick(device, labels) {
  await open(device, `${dossier}/suivi`);
  for (const label of labels) {
    await row(device, label).getByRole('button', { name: /^Fait/ }).click();
    await says(row(device, label), 'fait');
  }
}

const next = (device) => device.page.getByRole('button', { name: /^Ensuite/ });

async function percent(device) {
  await open(device, `${dossier}/suivi`);
  const text = await device.page.locator('.sheet__text, p').filter({ hasText: 'Dossier conforme à' }).first().textContent();
  return Number(text.match(/(\d+)/)[1]);
}

async function enter(device, etape, motif) {
  await open(device, `${dossier}/suivi`);
  await button(device, `Passer à : ${etape}`).click();
  if (motif) await dialog(device).getByLabel('Motif').fill(motif);
  await dialog(device).getByRole('button', { name: `Passer à : ${etape}` }).click();
  await says(device.page.locator('.page-header, header'), etape);
}

step('a call becomes a dossier', async () => {
  await paul.signIn();
  await paul.page.keyboard.press('n');
  await paul.page.getByLabel('Prénom').fill('Yvonne');
  await paul.page.getByLabel('Nom', { exact: true }).fill('Armand');
  await paul.page.getByLabel('Téléphone', { exact: true }).fill('06 39 98 45 67');
  await paul.page.getByLabel('Ce que la personne demande').fill('Une aide au lever, cinq matins par semaine.');
  await paul.page.getByLabel('Ville').fill('Grenoble');
  await button(paul, 'Ouvrir le dossier').click();
  await paul.page.getByRole('heading', { name: 'ARMAND Yvonne' }).waitFor();
  dossier = new URL(paul.page.url()).pathname;
  assert.ok((await percent(paul)) < 15, 'nearly everything is still to do');
  await shot(paul, 'conforme-prospect');
});

step('what reception knows, reception writes: « Ensuite » leads to a field', async () => {
  await open(paul, dossier);
  await fillAll(paul, {
    'identite-civilite': 'Madame',
    'identite-naissance': '1941-03-08',
    'contact-email': 'yvonne.armand@exemple.fr',
    'logement-adresse': '12 rue de la Paix',
    'logement-code_postal': '38000',
    'logement-verifiee': TODAY,
    'besoins-recueil_le': TODAY,
    'besoins-autonomie': 'GIR 4',
  });
  await add(paul, '', 'Interlocuteur principal', {
    'personne-nom': 'Luc Armand',
    'personne-telephone': '06 39 98 45 68',
    'personne-email': 'luc.armand@exemple.fr',
  });
  await add(paul, '', 'Personne à prévenir', { 'personne-nom': 'Anne Armand', 'personne-telephone': '06 39 98 45 69' });
  await status(paul, /Tout est au relais/);
});

step('the mission is filled: the dossier goes over to the administrative service, with its tasks', async () => {
  await claire.signIn();
  await putOnTeam(claire, dossier, 'Sonia Haddad');
  await claire.page.getByRole('button', { name: 'Changer le secteur' }).first().click();
  await dialog(claire).getByLabel('Secteur').fill('Grésivaudan');
  await dialog(claire).getByRole('button', { name: /secteur/i }).last().click();
  await dialog(claire).waitFor({ state: 'hidden' });
  await fillAll(claire, { 'mission-mode': 'Mandataire', 'mission-public': 'Personnes âgées' });
  await open(claire, `${dossier}/suivi`);
  await says(next(claire), 'Mission pourvue');
  await next(claire).click();
  await claire.page.waitForFunction(() => document.activeElement.id === 'mission-pourvue');
  await fillAll(claire, { 'mission-pourvue': 'Pourvue', 'mission-premiere_visite': TODAY, 'mission-heures': '40' });
  await open(claire, `${dossier}/suivi`);
  await claire.page.getByRole('button', { name: /^Créer les \d+ tâches/ }).click();
  await says(claire.page.locator('.sheet__row'), 'URSSAF');
  await says(claire.page.locator('.sheet__row'), 'Contrat de mandat');
  await status(claire, /Tout est au relais/);
});

step('without network, the administrative service follows « Ensuite » from field to field', async () => {
  await open(claire, `${dossier}/suivi`);
  claire.line.cut();
  await status(claire, /Hors ligne/);
  const values = {
    'administratif-nir': '2 41 03 38 185 123 67',
    'aides-exoneration': 'APA',
    'gestion-origine': 'Cooptation',
    'gestion-parrain': 'RTU',
    'paiement-mode': 'Prélèvement',
    'paiement-iban': 'FR76 3000 6000 0112 3456 7890 189',
    'paiement-mandat_signe': TODAY,
    'gestion-responsable': 'Claire Martin',
    'engagement-rgpd': TODAY,
    'paiement-cout_mensuel': '980',
    'paiement-frais_gestion': '75',
    'paiement-cout_salarie': '905',
    'mission-presentation': TODAY,
    'mission-planning': inYears(2),
    'mission-repos': 'Dimanche',
  };
  // Each field is reached by its item, in whatever order the checklist has them.
  const seen = [];
  for (let turn = 0; turn < 60; turn += 1) {
    await claire.page.locator('.sheet__row').first().waitFor();
    const label = (await next(claire).textContent()).replace('Ensuite : ', '').trim();
    seen.push(label);
    const tickable = row(claire, label).getByRole('button', { name: /^Fait/ });
    if (label === 'Le prospect est devenu client') {
      await mandateAndStages();
    } else if (label === 'Devis enregistré') {
      await addHere('Devis', {});
    } else if (label === 'Mandat de prélèvement enregistré') {
      await addHere('Mandat SEPA', { 'piece-signature': TODAY });
    } else if (/^(Client préparé|Fiche client vérifiée)/.test(label)) {
      break;
    } else if (await tickable.count()) {
      await tickable.click();
      await says(row(claire, label), 'fait');
      continue;
    } else {
      await next(claire).click();
      await claire.page.waitForFunction(() => /-/.test(document.activeElement.id));
      const wanted = Object.keys(values).filter((id) => FIELDS_OF[label]?.includes(id));
      const id = await claire.page.evaluate(() => document.activeElement.id);
      for (const field of wanted.length ? wanted : [id]) await fill(claire, field, values[field]);
    }
    await claire.page.getByRole('link', { name: 'Suivi', exact: true }).click();
  }
  assert.ok(seen.includes('Numéro de sécurité sociale') && seen.includes('Exonération'), seen.join(', '));
  await shot(claire, 'conforme-offline');

  async function addHere(name, fields) {
    await claire.page.getByRole('link', { name: 'Administratif', exact: true }).click();
    await claire.page.getByRole('button', { name, exact: true }).click();
    await claire.page.waitForURL(/\/fiche\//);
    await fillAll(claire, fields);
  }

  async function mandateAndStages() {
    await addHere('Mandat', { 'piece-intervenant': 'Sonia Haddad', 'piece-signature': TODAY });
    for (const etape of ['Besoins recueillis', 'Contrat', 'Actif']) {
      await claire.page.getByRole('link', { name: 'Suivi', exact: true }).click();
      await button(claire, `Passer à : ${etape}`).click();
      await dialog(claire).getByRole('button', { name: `Passer à : ${etape}` }).click();
      await dialog(claire).waitFor({ state: 'hidden' });
    }
  }
});

// Items that more than one field makes.
const FIELDS_OF = {
  'Prélèvement : IBAN et mandat signé': ['paiement-mode', 'paiement-iban', 'paiement-mandat_signe'],
  'Frais de gestion et coût du salarié': ['paiement-frais_gestion', 'paiement-cout_salarie'],
  'Volume mensuel et jour de repos': ['mission-repos'],
};

step('meanwhile customer service makes its calls', async () => {
  await nadia.signIn();
  await open(nadia, `${dossier}/suivi`);
  await tick(nadia, [
    'Client préparé 30 minutes avant le rendez-vous',
    'Fiche client vérifiée',
    'Contrat de mandat vérifié',
    'Contrat de travail : mentions vérifiées',
    'Appel : présentation, missions, coordonnées, tâches',
    'Appel : prise en charge, absences, coût mensuel',
    'Signatures envoyées et accompagnées',
    'Outils : application, messages, ressources',
    'Prochain échange programmé',
  ]);
  await row(nadia, 'Besoin en aide financière ou avance immédiate').getByRole('link').click();
  await fill(nadia, 'aides-aici', 'Demandée');
  await status(nadia, /Tout est au relais/);
});

step('the network comes back: three screens say that the dossier is conforming', async () => {
  claire.line.mend();
  await status(claire, /Tout est au relais/, 30_000);
  for (const device of [claire, nadia, paul]) {
    await open(device, `${dossier}/suivi`);
    await says(device.page.locator('.banner, .sheet__notice'), 'Dossier conforme', 20_000);
  }
  assert.equal(await percent(paul), 100);
  await shot(paul, 'conforme-100');
});

step('the timeline tells how it came about', async () => {
  await open(nadia, `${dossier}/historique`);
  for (const words of ['Actif', 'Contrat', 'Mandat', 'Besoins recueillis']) {
    await says(nadia.page.locator('.sheet__row'), words);
  }
  await shot(nadia, 'conforme-historique');
});

step('no page complained', async () => {
  for (const device of [paul, claire, nadia]) assert.deepEqual(device.errors, []);
});
