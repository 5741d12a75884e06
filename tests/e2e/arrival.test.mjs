// Everything comes to an empty device of the office: its list at once, dossiers one after the other, over a line that stands
// still and is cut, in a tab that is closed while another is open.
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
let all;

before(async () => {
  relay = await Relay.start({ dossiers: DOSSIERS });
  await listMade(relay, DOSSIERS);
  claire = await Device.of('claire.martin@liaison.demo', relay);
});

after(async () => {
  await claire?.dispose();
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
  const other = await claire.context.newPage();
  claire.watch(other);
  await other.goto(claire.line.url + '/dossiers');
  await listed(other);
  await arriving(other).waitFor();
  assert.ok(!(await stored(other)).whole);
  await claire.page.close();
  claire.page = other;
  claire.line.letGo();
  for (let tries = 0; !(await stored(other)).whole; tries += 1) {
    assert.ok(tries < 300, 'all of them come');
    await other.waitForTimeout(200);
  }
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
