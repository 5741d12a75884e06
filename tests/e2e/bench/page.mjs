// Measures the page of an office that holds ten thousand dossiers: `node bench/page.mjs [DOSSIERS]` prints one line of JSON
// for each figure, { workload, system, metric, value, unit }, and nothing else on its output.
// In the environment: LIAISON_SERVER, LIAISON_DIST, CHROMIUM; PAGE_MOST, the seconds it may take (1800).
//
// How long dossiers take to arrive for the first time is W1's; here, what they do to the page meanwhile.
import fs from 'node:fs';
import { writeEach } from '../lib/acts.mjs';
import { firstVisit } from '../lib/build.mjs';
import { SLOWDOWN, instrument, mark, median, percentile } from '../lib/bench_page.mjs';
import { Device, OFFICE } from '../lib/device.mjs';
import { listMade } from '../lib/list_made.mjs';
import { Relay } from '../lib/relay.mjs';

const DOSSIERS = Number(process.argv[2] ?? 10_000);
const MOST = Number(process.env.PAGE_MOST ?? 1800) * 1000;
const LOADS = 7;
const CHANGES = 1000;
// Words people look for: names, a town, a number, and one that is nowhere.
const QUERIES = ['martin', 'dubois je', 'grenoble', '0639', 'zzyx'];

const add = (metric, value, unit) =>
  console.log(JSON.stringify({ workload: 'page', system: 'liaison', metric, value: Number(value.toFixed(3)), unit }));
const say = (words) => console.error(`bench: page, ${words}`);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Runs in the page, before the application: the tasks that kept it from answering for more than 50 ms.
function watchTasks() {
  window.tasks = [];
  const note = (list) => window.tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })));
  new PerformanceObserver(note).observe({ type: 'longtask', buffered: true });
}

// The longest of those that began after a moment of the page's.
async function longestTask(device, after) {
  const tasks = await device.page.evaluate((after) => window.tasks.filter((task) => task.startTime >= after), after);
  return Math.max(0, ...tasks.map(({ duration }) => duration));
}

const throttle = (cdp, rate) => cdp.send('Emulation.setCPUThrottlingRate', { rate });

async function held(device) {
  const all = device.page.getByText(`${DOSSIERS} dossiers`, { exact: true });
  await all.waitFor({ timeout: MOST });
}

// An empty device, until its list can be used; what is typed, the code too, is typed by a program.
async function firstSignIn(device) {
  await device.go('/');
  await mark(device, 'form');
  const start = await device.page.evaluate(() => performance.now());
  await device.typeAccount();
  await device.page.getByRole('heading', { name: 'Choisissez un code' }).waitFor();
  await device.chooseCode();
  const listed = await mark(device, 'list');
  add('sign_in_to_list_s', (listed - start) / 1000, 's');
  await device.keptOpen();
  return listed;
}

async function start(device) {
  // As when the application is opened: the browser makes a new process for the page.
  await device.page.goto('about:blank');
  await device.go('/dossiers');
  return mark(device, 'list');
}

async function starts(device, cdp) {
  for (const rate of [SLOWDOWN, 1]) {
    await throttle(cdp, rate);
    const times = [];
    for (let load = 0; load < LOADS; load += 1) {
      times.push(await start(device));
      await pause(2000); // what goes on behind the list is not the next load's
    }
    const name = rate === 1 ? 'list_interactive_s_unthrottled' : 'list_interactive_s';
    add(name, median(times) / 1000, 's');
    add(`${name}_worst`, Math.max(...times) / 1000, 's');
  }
}

// From the event of a key until what it asks for is drawn.
async function keystrokes(device, cdp) {
  for (const rate of [SLOWDOWN, 1]) {
    await throttle(cdp, rate);
    const times = [];
    for (const query of QUERIES) {
      times.push(...(await device.page.evaluate(type, query)));
    }
    const name = `search_keystroke_ms_${rate}x`;
    add(`${name}_p50`, percentile(times.map(({ work }) => work), 50), 'ms');
    add(`${name}_p99`, percentile(times.map(({ work }) => work), 99), 'ms');
    add(`${name}_drawn_p50`, percentile(times.map(({ drawn }) => drawn), 50), 'ms');
    add(`${name}_drawn_p99`, percentile(times.map(({ drawn }) => drawn), 99), 'ms');
  }
}

// Runs in the page. `work`: until the page is free again and its layout is known; `drawn`: with the wait for the frame.
async function type(query) {
  const box = document.getElementById('recherche');
  const turn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  const put = async (text) => {
    const start = performance.now();
    box.value = text;
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    // The application draws in microtasks, which are done before the next task.
    await turn();
    document.body.getBoundingClientRect();
    const work = performance.now() - start;
    await new Promise((resolve) => requestAnimationFrame(() => turn().then(resolve)));
    const drawn = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 120));
    return { work, drawn };
  };
  const times = [];
  for (let length = 1; length <= query.length; length += 1) times.push(await put(query.slice(0, length)));
  await put('');
  return times;
}

// Somebody else writes so many changes in one dossier, as a person does: one for each time a field is left.
async function write(device, dossier) {
  await device.go(`/dossiers/${dossier}`);
  await device.field('Ville').waitFor();
  await writeEach(device, 'Ville', Array.from({ length: CHANGES }, (_, it) => (it % 2 ? 'Grenoble' : `Chambéry ${it}`)));
  await device.page.getByRole('button', { name: 'Tout est au relais' }).first().waitFor({ timeout: 120_000 });
}

async function opens(device, cdp, dossier) {
  for (const rate of [SLOWDOWN, 1]) {
    await throttle(cdp, rate);
    const times = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await start(device);
      await pause(1500);
      times.push(await device.page.evaluate(open, dossier));
    }
    add(rate === 1 ? 'open_dossier_1000_changes_ms' : `open_dossier_1000_changes_ms_${rate}x`, median(times), 'ms');
  }
}

// Runs in the page: follows a link to the dossier, until its fields are there and drawn.
async function open(dossier) {
  const link = document.createElement('a');
  link.href = `/dossiers/${dossier}`;
  document.body.append(link);
  const start = performance.now();
  link.click();
  const there = () => document.querySelector('.split__detail input');
  while (!there()) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const time = performance.now() - start;
  link.remove();
  return time;
}

// What the process of this tab has for itself, in megabytes (Linux): what the browser's own task manager shows.
function memory(device) {
  const words = (id) => fs.readFileSync(`/proc/${id}/cmdline`, 'utf8');
  const mine = (id) => {
    try {
      return words(id).includes('--type=renderer') && ours(id, device.profile);
    } catch {
      return false;
    }
  };
  const sizes = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && mine(name)).map(footprint);
  return Math.max(...sizes) / 1024;
}

// Whether one of a process's ancestors is the browser of this profile.
function ours(id, profile) {
  for (let at = id; Number(at) > 1; at = fs.readFileSync(`/proc/${at}/stat`, 'utf8').split(') ')[1].split(' ')[1]) {
    if (fs.readFileSync(`/proc/${at}/cmdline`, 'utf8').includes(`--user-data-dir=${profile}`)) return true;
  }
  return false;
}

function footprint(id) {
  const sizes = fs.readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+:\s+(\d+) kB/gm);
  return [...sizes].reduce((sum, [, size]) => sum + Number(size), 0);
}

async function measure(relay, devices) {
  add('first_visit_bytes', firstVisit(process.env.LIAISON_DIST), 'B');
  const office = await Device.of('claire.martin@liaison.demo', relay, { viewport: OFFICE });
  devices.push(office);
  await instrument(office);
  await office.context.addInitScript(watchTasks);
  say(`waiting for ${DOSSIERS} dossiers`);
  await listMade(relay, DOSSIERS);
  const listed = await firstSignIn(office);
  await held(office);
  await office.readyForOffline();
  await pause(30_000); // everything has come, and what was gathered on the way is put in order
  add('longest_task_ms_until_the_list', await longestTask(office, 0), 'ms');
  add('longest_task_ms_first_arrival', await longestTask(office, listed), 'ms');
  const cdp = await office.context.newCDPSession(office.page);
  say('starts');
  await starts(office, cdp);
  await held(office);
  say('memory and keystrokes');
  await throttle(cdp, 1);
  await pause(5000);
  await cdp.send('HeapProfiler.collectGarbage');
  add('tab_memory_mb', memory(office), 'MB');
  await keystrokes(office, cdp);

  say(`${CHANGES} changes arrive in the background`);
  await throttle(cdp, 1);
  const href = await office.page.locator('.list__row').first().getAttribute('href');
  const dossier = href.split('/').pop();
  const paul = await Device.of('paul.bernard@liaison.demo', relay, { viewport: OFFICE });
  devices.push(paul);
  await paul.signIn();
  await held(paul);
  const began = await office.page.evaluate(() => performance.now());
  await write(paul, dossier);
  await pause(5000);
  add('longest_task_ms', await longestTask(office, began), 'ms');
  await paul.dispose();

  say(`opening a dossier of ${CHANGES} changes`);
  await opens(office, cdp, dossier);
}

async function main() {
  const relay = await Relay.start({ dossiers: DOSSIERS, patience: 600 });
  const devices = [];
  let alarm;
  const late = new Promise((_, reject) => {
    alarm = setTimeout(() => reject(new Error('not done in time')), MOST);
  });
  try {
    await Promise.race([measure(relay, devices), late]);
  } finally {
    clearTimeout(alarm);
    for (const device of devices) await device.dispose();
    await relay.stop();
  }
}

await main();
