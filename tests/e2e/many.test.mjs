// A list longer than a window: what is drawn of it, how one moves in it, and how it is kept.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { deviceOf, openFirst, writeEach } from './lib/acts.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { Relay } from './lib/relay.mjs';
import { shot } from './lib/shots.mjs';
import { story } from './lib/story.mjs';
import { keysOf, lose } from './lib/vault.mjs';

// So many that what is gathered in a record is gathered there again, before the first start.
const DOSSIERS = 1000;
// Not by the frames of the page, which may not come.
const POLLED = { polling: 100 };
const step = story();

let relay;
let claire;

before(async () => {
  relay = await Relay.start({ dossiers: DOSSIERS });
  claire = await Device.of('claire.martin@liaison.demo', relay);
});

after(async () => {
  await claire?.dispose();
  await relay?.stop();
});

const counted = (device) =>
  device.page.getByText(`${DOSSIERS} dossiers`, { exact: true }).waitFor({ timeout: 120_000 });
const focused = (device) =>
  device.page.evaluate(() => document.activeElement.closest('[aria-posinset]')?.getAttribute('aria-posinset'));
const drawn = (device) => device.page.locator('.list__item').count();

// How the summaries are kept: the keys of their store.
const keys = (device) => keysOf(device.page, 'summaries');

const rows = (keys) => keys.filter((key) => key.length === 32);

// Every name of the list, by scrolling from its top to its bottom.
async function everyName(device) {
  return device.page.evaluate(async () => {
    const names = new Map();
    const list = document.querySelector('.list');
    const inside = document.querySelector('.split__list');
    const pane = inside.scrollHeight > inside.clientHeight ? inside : document.scrollingElement;
    for (let top = 0; ; top += 400) {
      pane.scrollTop = top;
      const drawn = await new Promise((resolve) => {
        requestAnimationFrame(() => setTimeout(() => resolve(true)));
        setTimeout(() => resolve(false), 500);
      });
      if (!drawn) {
        // A browser without a window sometimes stops to draw: then nobody is told of the scrolling either.
        (inside === pane ? pane : document).dispatchEvent(new Event('scroll'));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      for (const row of list.querySelectorAll('[aria-posinset]')) {
        names.set(Number(row.getAttribute('aria-posinset')), row.querySelector('.list__title').textContent);
      }
      if (top > pane.scrollHeight) break;
    }
    pane.scrollTop = 0;
    return [...names].sort(([one], [other]) => one - other);
  });
}

step('the office sees the beginning of a long list, and every row when it scrolls', async () => {
  await claire.signIn();
  await counted(claire);
  await claire.page.waitForFunction(() => document.querySelectorAll('.list__item').length > 20, null, POLLED);
  assert.ok((await drawn(claire)) < 60, 'only what is seen, and a little more, is drawn');
  const first = claire.page.locator('.list__item').first();
  assert.equal(await first.getAttribute('aria-posinset'), '1');
  assert.equal(await first.getAttribute('aria-setsize'), String(DOSSIERS));
  await shot(claire, 'many-office');
  const names = await everyName(claire);
  assert.deepEqual(names.map(([place]) => place), Array.from({ length: DOSSIERS }, (_, place) => place + 1));
  assert.ok((await drawn(claire)) < 60);
  assert.deepEqual(claire.errors, []);
});

step('the keyboard goes through the rows, and stays where it is while one looks elsewhere', async () => {
  const { page } = claire;
  await page.locator('.list__row').first().focus();
  for (let row = 2; row <= 60; row += 1) {
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      (row) => document.activeElement.closest('[aria-posinset]')?.getAttribute('aria-posinset') === String(row),
      row,
      POLLED,
    );
  }
  const inSight = await page.evaluate(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  });
  assert.ok(inSight, 'the row with the keyboard is seen');
  await page.evaluate(() => {
    const pane = document.querySelector('.split__list');
    pane.scrollTop = pane.scrollHeight;
  });
  await page.locator(`[aria-posinset="${DOSSIERS}"]`).waitFor();
  assert.equal(await focused(claire), '60', 'far away, and still drawn');
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(
    () => document.activeElement.closest('[aria-posinset]')?.getAttribute('aria-posinset') === '59',
    null,
    POLLED,
  );
});

step('what is looked for is shown from its best answer on, and rows that stay are not drawn anew', async () => {
  const { page } = claire;
  const top = () => page.evaluate(() => document.querySelector('.split__list').scrollTop);
  const first = page.locator('.list__item[aria-posinset="1"]');
  await page.evaluate(() => {
    const pane = document.querySelector('.split__list');
    pane.scrollTop = pane.scrollHeight;
  });
  await page.locator(`[aria-posinset="${DOSSIERS}"]`).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('m');
  await page.waitForFunction((all) => Number(document.querySelector('.list__item').ariaSetSize) < all, DOSSIERS, POLLED);
  assert.ok(Number(await first.getAttribute('aria-setsize')) > 40, 'more than a screen answers');
  assert.equal(await top(), 0);
  await page.evaluate(() => document.querySelectorAll('.list__item').forEach((row) => (row.before = true)));
  const before = await first.getAttribute('aria-setsize');
  await page.keyboard.type('a');
  await page.waitForFunction((before) => document.querySelector('.list__item').ariaSetSize !== before, before, POLLED);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('.list__item')].some((row) => row.before)));
  await page.keyboard.press('Escape');
  await counted(claire);
  await first.waitFor();
  assert.equal(await top(), 0);
  assert.equal((await everyName(claire)).length, DOSSIERS);
});

step('summaries are gathered in a few records, and a start reads the same of them', async () => {
  for (let tries = 0; rows(await keys(claire)).length >= 200; tries += 1) {
    assert.ok(tries < 100, 'they are gathered');
    await claire.page.waitForTimeout(100);
  }
  const kept = await keys(claire);
  assert.ok(kept.some((key) => key.length === 1), `records: ${kept}`);
  const before = await everyName(claire);
  await claire.go('/dossiers');
  await counted(claire);
  assert.deepEqual(await everyName(claire), before);
});

step('what an earlier version of the application has lost of the list is found in the dossiers', async () => {
  const records = (await keys(claire)).filter((key) => key.length === 1);
  await lose(claire.page, 'summaries', records[0]);
  await lose(claire.page, 'meta', 'summaries');
  await claire.go('/dossiers');
  await counted(claire);
  assert.equal((await everyName(claire)).length, DOSSIERS);
});

step('what is written after counts, before and after a start', async () => {
  const address = await openFirst(claire);
  await claire.field('Nom').fill('Aaaron');
  await claire.page.locator('.list__title').filter({ hasText: /aaaron/i }).waitFor();
  assert.ok(rows(await keys(claire)).includes(address.split('/')[2]), 'in a row of its own');
  await claire.go('/dossiers');
  await counted(claire);
  const [[, first]] = await everyName(claire);
  assert.match(first, /aaaron/i);
});

step('a dossier that was changed often takes little room once the relay has everything, and reads the same', async () => {
  const address = await openFirst(claire);
  const id = address.split('/')[2];
  const stored = async (store) => (await keysOf(claire.page, store)).filter((key) => key.startsWith(`${id}/`)).length;
  await claire.field('Ville').waitFor();
  const before = await stored('changes');
  await writeEach(claire, 'Ville', Array.from({ length: 90 }, (_, change) => `Chambéry ${change}`));
  await claire.receipt('Ville').getByText('au relais').waitFor({ timeout: 30_000 });
  for (let tries = 0; (await stored('changes')) > before + 20; tries += 1) {
    assert.ok(tries < 150, `${await stored('changes')} rows, ${await stored('outbox')} owed`);
    await claire.page.waitForTimeout(100);
  }
  await claire.go(address);
  await claire.field('Ville').waitFor();
  assert.equal(await claire.field('Ville').inputValue(), 'Chambéry 89');
  await claire.field('Ville').fill('Voiron');
  await claire.receipt('Ville').getByText('au relais').waitFor();
  assert.deepEqual(claire.errors, []);
});

step('on a phone the page scrolls, not a pane', async (context) => {
  const paul = await deviceOf(context, relay, 'paul.bernard', { viewport: PHONE });
  await paul.signIn();
  await counted(paul);
  const names = await everyName(paul);
  assert.equal(names.length, DOSSIERS);
  await paul.page.mouse.wheel(0, 6000);
  await paul.page.waitForFunction(() => Number(document.querySelector('.list__item').ariaPosInSet) > 40, null, POLLED);
  await shot(paul, 'many-phone');
  assert.deepEqual(paul.errors, []);
});
