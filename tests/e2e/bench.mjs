// Measures in Chromium: `node bench.mjs FILE` writes its figures to FILE as [{ workload, system, metric, value, unit }].
// Started by `cargo xtask bench`, with LIAISON_SERVER, LIAISON_DIST and CHROMIUM in the environment.
import fs from 'node:fs';
import { Counter } from './lib/bench_counter.mjs';
import { SLOWDOWN, instrument, mark, median, percentile, slowDown, withoutCaches } from './lib/bench_page.mjs';
import { firstVisit } from './lib/build.mjs';
import { Device, PHONE } from './lib/device.mjs';
import { PASSWORD, Relay } from './lib/relay.mjs';

const DOSSIERS = 200;
const PROFILES = 3;
const LOADS = 7;
const EDITS = 60;
const MOST = 300_000; // the whole of it, in milliseconds
const PAUSE = 500; // the application waits so long after the last key: app/src/features/dossier/field.rs
const EMAIL = 'claire.martin@liaison.demo';

const rows = [];
const slow = `Chromium, ${SLOWDOWN}× slower`;

function add(workload, system, metric, value, unit) {
  rows.push({ workload, system, metric, value, unit });
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function newDevice(counter, devices) {
  const device = await Device.of(EMAIL, counter, { viewport: PHONE });
  devices.push(device);
  await instrument(device);
  return device;
}

// Several profiles that have never seen the application; the last one stays, and signs in.
async function firstVisits(counter, devices) {
  const times = [];
  let device;
  let cdp;
  for (let profile = 0; profile < PROFILES; profile += 1) {
    await devices.pop()?.dispose();
    device = await newDevice(counter, devices);
    cdp = await slowDown(device);
    counter.reset();
    await device.go('/');
    times.push(await mark(device, 'form'));
    await counter.quiet(1000);
  }
  const page = counter.http.received;
  add('first-visit', 'Chromium', 'received until the form, with headers', page / 1000, 'kB');
  add('time-to-use', slow, 'new profile → sign-in form, p50', median(times), 'ms');
  await signIn(device);
  await device.keptOpen();
  await counter.quiet(2000);
  add('first-visit', 'Chromium', '· then, by the service worker', (counter.http.received - page) / 1000, 'kB');
  add('first-visit', 'Chromium', 'received in all, but for the dossiers', counter.http.received / 1000, 'kB');
  add('first-visit', 'Chromium', 'sent in all', counter.http.sent / 1000, 'kB');
  add('first-visit', `Chromium, ${DOSSIERS} dossiers`, 'dossiers received', counter.socket.received / 1000, 'kB');
  return { device, cdp };
}

async function signIn(device) {
  const { page } = device;
  await page.getByLabel('Adresse électronique').fill(EMAIL);
  await page.getByLabel('Mot de passe').fill(PASSWORD);
  const start = await page.evaluate(() => performance.now());
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { name: 'Choisissez un code' }).waitFor();
  await device.chooseCode();
  add('time-to-use', slow, 'sign-in → first row of the list', (await mark(device, 'list')) - start, 'ms');
  await page.getByText(`${DOSSIERS} dossiers`, { exact: true }).waitFor({ timeout: 60_000 });
  const end = await page.evaluate(() => performance.now());
  add('time-to-use', slow, `sign-in → all ${DOSSIERS} dossiers listed`, end - start, 'ms');
}

// Without what is cached, an open device is a locked one: until it asks for the code, then until the list.
async function coldLoads(device, cdp) {
  const [asked, opened] = [[], []];
  for (let load = 0; load < LOADS; load += 1) {
    await withoutCaches(device, cdp);
    await device.go('/dossiers');
    asked.push(await mark(device, 'code'));
    const start = await device.page.evaluate(() => performance.now());
    await device.unlockHere();
    opened.push((await mark(device, 'list')) - start);
    await pause(1500);
  }
  add('time-to-use', slow, 'nothing cached → code asked for, p50', median(asked), 'ms');
  add('time-to-use', slow, '· code → list, p50', median(opened), 'ms');
}

async function loads(device, name) {
  const times = [];
  for (let load = 0; load < LOADS; load += 1) {
    // As when the application is opened: the browser makes a new process for the page.
    await device.page.goto('about:blank');
    await device.go('/dossiers');
    times.push(await mark(device, 'list'));
    await pause(1500); // what goes on behind the list is not the next load's
  }
  add('time-to-use', slow, `${name} → list, p50`, median(times), 'ms');
  add('time-to-use', slow, `${name} → list, worst of ${LOADS}`, Math.max(...times), 'ms');
}

async function timeToList(device, cdp) {
  await coldLoads(device, cdp);
  await device.readyForOffline();
  await device.go('/dossiers');
  await loads(device, 'service worker, relay reachable');
  device.line.cut();
  await loads(device, 'service worker, relay unreachable');
}

async function idleReconnect(device, counter) {
  // The line is still cut; with it comes back what Chromium owes since, such as looking for a newer worker.
  counter.reset();
  device.line.mend();
  await counter.quiet(4000, 60_000);
  device.line.cut();
  await pause(300);
  counter.reset();
  device.line.mend();
  await counter.quiet(1500, 45_000);
  const bytes = [counter.socket, counter.http].reduce((sum, { sent, received }) => sum + sent + received, 0);
  add('idle-reconnect', `Chromium, ${DOSSIERS} dossiers`, 'bytes, both ways', bytes, 'B');
  add('idle-reconnect', `Chromium, ${DOSSIERS} dossiers`, '· of it, not the socket', counter.http.received, 'B');
}

async function keystrokes(device) {
  const { page } = device;
  await device.go('/dossiers');
  await page.locator('.list .list__row').first().click();
  const note = device.field('Note');
  await note.waitFor();
  await note.focus();
  await pause(1500);
  for (let edit = 0; edit < EDITS; edit += 1) {
    const before = await page.evaluate(() => window.bench.saves.length);
    await page.keyboard.type('é');
    await page.waitForFunction((before) => window.bench.saves.length > before, before, { timeout: 10_000 });
    await pause(150);
  }
  const saves = (await page.evaluate(() => window.bench.saves)).filter(({ input }) => input > 0);
  if (saves.length < EDITS || saves.some(({ durability }) => durability !== 'strict')) {
    throw new Error(`${saves.length} saves for ${EDITS} edits: ${JSON.stringify(saves[0])}`);
  }
  const figure = (name, of) => {
    add('keystroke', slow, `${name}, p50`, percentile(saves.map(of), 50), 'ms');
    add('keystroke', slow, `${name}, p99`, percentile(saves.map(of), 99), 'ms');
  };
  figure('end of the pause → durable', (save) => save.complete - save.input - PAUSE);
  figure('· of it, until IndexedDB is asked', (save) => save.begun - save.input - PAUSE);
  figure('· of it, IndexedDB, strict', (save) => save.complete - save.begun);
  figure('last key → durable, pause included', (save) => save.complete - save.input);
  add('keystroke', slow, 'edits', saves.length, '');
}

async function measure(counter, devices) {
  add('first-visit', 'dist', 'every file once, brotli', firstVisit(process.env.LIAISON_DIST) / 1000, 'kB');
  console.error('bench: browser, first visit');
  const { device, cdp } = await firstVisits(counter, devices);
  console.error('bench: browser, time to the list');
  await timeToList(device, cdp);
  console.error('bench: browser, idle reconnect');
  await idleReconnect(device, counter);
  console.error('bench: browser, keystroke to disk');
  await keystrokes(device);
}

async function main(file) {
  const relay = await Relay.start({ dossiers: DOSSIERS });
  const counter = await Counter.to(relay.port);
  const devices = [];
  let alarm;
  const late = new Promise((_, reject) => {
    alarm = setTimeout(() => reject(new Error('not done in time')), MOST);
  });
  try {
    await Promise.race([measure(counter, devices), late]);
  } finally {
    clearTimeout(alarm);
    for (const device of devices) await device.dispose();
    await counter.close();
    await relay.stop();
  }
  fs.writeFileSync(file, JSON.stringify(rows, null, 2));
}

await main(process.argv[2]);
