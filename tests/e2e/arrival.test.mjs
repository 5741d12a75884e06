// Everything comes to an empty device of the office: its list at once, dossiers one after the other, over a line that stands
// still and is cut, in a tab that is closed while another is open, whether or not it could say how far it was.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Device } from './lib/device.mjs';
import { listMade } from './lib/list_made.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';
import { keysOf } from './lib/vault.mjs';

const DOSSIERS = 300;
// Bytes after which the stream stands still: the list has come, most dossiers have not.
const LITTLE = 70_000;
const STREAM = /^\/api\/bootstrap($|\?after=)/;
const step = story();

let relay;
let claire;
let julien;
let paul;
let all;

before(async () => {
  relay = await Relay.start({ dossiers: DOSSIERS });
  await listMade(relay, DOSSIERS);
  claire = await Device.of('claire.martin@liaison.demo', relay);
});

after(async () => {
  for (const device of [claire, julien, paul]) await device?.dispose();
  await relay?.stop();
});

// The dossiers of which documents are stored, and whether all is said to have come.
async function stored(page) {
  const meta = await keysOf(page, 'meta');
  const dossiers = (await keysOf(page, 'changes')).map((key) => key.split('/')[0]);
  return {
    dossiers: [...new Set(dossiers.filter((id) => /^[0-9a-f]{32}$/.test(id)))].sort(),
    whole: meta.includes('cursor') && !meta.includes('bootstrap'),
  };
}

// Waits until all is said to have come.
async function whole(page) {
  for (let tries = 0; !(await stored(page)).whole; tries += 1) {
    assert.ok(tries < 300, 'all of them come');
    await page.waitForTimeout(200);
  }
}

async function tabOf(device, address = '/dossiers') {
  const tab = await device.context.newPage();
  device.watch(tab);
  await tab.goto(device.line.url + address);
  return tab;
}

// From here on a tab tells the others nothing.
const silence = (tab) => tab.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));

// Run before a page: what is begun in it comes last of all that is on its way.
function beginsLast() {
  const { getRandomValues } = Crypto.prototype;
  Crypto.prototype.getRandomValues = function drawn(bytes) {
    getRandomValues.call(this, bytes);
    if (bytes.length === 16) bytes[0] = 0xff;
    return bytes;
  };
}

// Opens a dossier from a first call; gives its id.
async function begin(page, nom) {
  await page.getByLabel('Prénom').fill('Ève');
  await page.getByLabel('Nom', { exact: true }).fill(nom);
  await page.getByLabel('Téléphone', { exact: true }).fill('06 39 98 12 34');
  await page.getByLabel('Ce que la personne demande').fill('Une aide le matin.');
  await page.getByLabel('Ville').fill('Voiron');
  await page.getByRole('button', { name: 'Ouvrir le dossier' }).click();
  await page.getByRole('heading', { name: new RegExp(nom, 'i') }).waitFor();
  return new URL(page.url()).pathname.split('/')[2];
}

const line = (page, nom) => page.locator('.list__title').filter({ hasText: nom }).first().waitFor();

const ids = (page) =>
  page.evaluate(async () => {
    const all = new Set();
    const pane = document.querySelector('.split__list');
    for (let top = 0; top < pane.scrollHeight; top += 400) {
      pane.scrollTop = top;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      for (const row of document.querySelectorAll('.list__row')) all.add(row.getAttribute('href').split('/').pop());
    }
    pane.scrollTop = 0;
    return [...all].sort();
  });

const listed = (page) => page.getByText(`${DOSSIERS} dossiers`, { exact: true }).waitFor({ timeout: 60_000 });
const arriving = (page) => page.getByRole('button', { name: /dossiers( reçus)? · \d+ sur 300/ }).first();

step('the list is there while the dossiers are on their way', async () => {
  claire.line.hold(STREAM, LITTLE);
  await claire.signIn();
  await listed(claire.page);
  all = await ids(claire.page);
  assert.equal(all.length, DOSSIERS);
  await arriving(claire.page).waitFor();
  await shot(claire, 'arriving');
  const { dossiers, whole } = await stored(claire.page);
  assert.ok(!whole && dossiers.length < DOSSIERS / 2, `${dossiers.length} are here, ${whole}`);
});

step('a dossier that somebody opens comes by itself, and what is written in it leaves', async () => {
  const last = all.at(-1);
  assert.ok(!(await stored(claire.page)).dossiers.includes(last));
  await claire.go(`/dossiers/${last}`);
  await claire.field('Nom').waitFor();
  assert.notEqual(await claire.field('Nom').inputValue(), '');
  await claire.field('Ville').fill('Vizille');
  await claire.receipt('Ville').getByText('au relais').waitFor();
  assert.ok((await stored(claire.page)).dossiers.includes(last));
});

step('without a line it opens again, one that has not come says so', async () => {
  claire.line.cut();
  const { dossiers } = await stored(claire.page);
  const missing = all.find((id) => !dossiers.includes(id));
  const path = (id) => claire.page.evaluate((id) => {
    const link = document.createElement('a');
    link.href = `/dossiers/${id}`;
    document.body.append(link);
    link.click();
    link.remove();
  }, id);
  await path(missing);
  await claire.page.locator('.empty', { hasText: 'Ce dossier arrive' }).waitFor();
  await shot(claire, 'not-here-yet');
  await path(all.at(-1));
  await claire.field('Ville').waitFor();
  assert.equal(await claire.field('Ville').inputValue(), 'Vizille');
  await path(missing);
  await claire.page.locator('.empty', { hasText: 'Ce dossier arrive' }).waitFor();
  // It is shown as soon as it comes.
  claire.line.mend();
  await claire.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await claire.field('Nom').waitFor({ timeout: 60_000 });
});

step('the tab that brings them is closed: another goes on where it stood, and everything is here once', async () => {
  const other = await tabOf(claire);
  await listed(other);
  await arriving(other).waitFor();
  assert.ok(!(await stored(other)).whole);
  await claire.page.close();
  claire.page = other;
  claire.line.letGo();
  await whole(other);
  assert.deepEqual((await stored(other)).dossiers, all);
  await other.getByRole('button', { name: 'Tout est au relais' }).first().waitFor();
  assert.deepEqual(claire.errors, []);
});

step('without the relay every dossier can be read', async () => {
  await claire.chunksKept();
  claire.line.cut();
  for (const id of [all[0], all[DOSSIERS / 2], all.at(-2)]) {
    await claire.go(`/dossiers/${id}`);
    await claire.field('Nom').waitFor();
    assert.notEqual(await claire.field('Nom').inputValue(), '');
  }
});

step('a tab that ends between beginning and telling: the next one has the list, and brings the rest', async () => {
  julien = await Device.of('julien.roche@liaison.demo', relay);
  julien.line.hold(STREAM, 0);
  await julien.signIn();
  const next = await tabOf(julien);
  await next.getByRole('heading', { name: 'Dossiers' }).waitFor();
  await silence(julien.page);
  julien.line.hold(STREAM, LITTLE);
  await listed(julien.page);
  await arriving(julien.page).waitFor();
  assert.equal(await arriving(next).count(), 0, 'nobody has told it');
  await julien.page.close();
  julien.page = next;
  await arriving(next).waitFor();
  await listed(next);
  assert.equal(await next.locator('.list__title').filter({ hasText: 'Sans nom' }).count(), 0);
});

step('a tab that ends between the end and telling: the next one knows that nothing is missing', async () => {
  const next = await tabOf(julien);
  await arriving(next).waitFor();
  await silence(julien.page);
  julien.line.letGo();
  await whole(julien.page);
  assert.equal(await arriving(next).count(), 1, 'nobody has told it');
  await julien.page.close();
  julien.page = next;
  await next.getByRole('button', { name: 'Tout est au relais' }).first().waitFor();
  assert.deepEqual((await stored(next)).dossiers, all);
  assert.deepEqual(julien.errors, []);
});

step('a dossier begun before there was a list is in it, and opens, while others are missing', async () => {
  paul = await Device.of('paul.bernard@liaison.demo', relay);
  await paul.context.addInitScript(beginsLast);
  paul.line.hold(STREAM, 0);
  await paul.signIn();
  await paul.go('/dossiers/nouveau');
  const begun = await begin(paul.page, 'Aaabadie');
  await paul.receipt('Ville').getByText('sur cet ordinateur').waitFor();
  paul.line.hold(STREAM, LITTLE);
  await arriving(paul.page).waitFor();
  await paul.chunksKept();
  paul.line.cut();
  await paul.go('/dossiers');
  await line(paul.page, /aaabadie/i);
  await paul.go(`/dossiers/${begun}`);
  await paul.field('Nom').waitFor();
  assert.equal(await paul.field('Nom').inputValue(), 'Aaabadie');
  assert.ok(!(await stored(paul.page)).whole);
});

step('one that is begun in another tab meanwhile is in the list at once', async () => {
  paul.line.mend();
  await paul.go('/dossiers');
  await arriving(paul.page).waitFor();
  const other = await tabOf(paul, '/dossiers/nouveau');
  await begin(other, 'Aaabel');
  await paul.page.bringToFront();
  await line(paul.page, /aaabel/i);
  assert.ok(!(await stored(paul.page)).whole, 'before all have come');
  paul.line.letGo();
  await whole(paul.page);
  await paul.page.getByRole('button', { name: 'Tout est au relais' }).first().waitFor();
  for (const nom of [/aaabadie/i, /aaabel/i]) await line(paul.page, nom);
  assert.deepEqual(paul.errors, []);
});
