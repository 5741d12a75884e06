// Runs the workloads against the peers, in turn, and writes [{ workload, system, metric, value, unit, detail? }].
// README.md says what each workload is; `node run.mjs --help`, how to call it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { now, median } from './lib/measure.mjs';
import { Child, endAll } from './lib/processes.mjs';
import { Seed } from './lib/seed.mjs';
import { Stage } from './lib/stage.mjs';
import { WORKLOADS } from './lib/workloads.mjs';

const HELP = `node run.mjs --out FILE.json [options]
  --peer       automerge, hocuspocus, pouchdb (some, by commas) or all (the default)
  --workload   some of ${Object.keys(WORKLOADS).join(',')} (default: all)
  --dossiers   how many the servers hold (default: 1000)
  --runs       of each, of which the median counts (default: 1)
  --limit      seconds after which what is measured is given up (default: 180)
  --tmp        a folder for seeds and data (default: the system's)
  --quick      W5 with 800 phones instead of 2,000
node run.mjs --check    everything, small; exit code 1 when a metric is missing`;

const SYSTEMS = { automerge: 'automerge-repo', hocuspocus: 'hocuspocus', pouchdb: 'pouchdb' };
const PREPARATION = 600; // seconds that a step before the measured part may take
const FULL = {
  ...{ phones: 100, readers: 50, liveSeconds: 20, perSecond: 20, rushPhones: 2000, rushSeconds: 10 },
  ...{ restSeconds: 3, settleSeconds: 4 },
};
const QUICK = { ...FULL, rushPhones: 800 };
const CHECK = { ...FULL, readers: 6, liveSeconds: 2, rushPhones: 20, rushSeconds: 2, restSeconds: 1, settleSeconds: 2.5 };

const UNITS = [
  [/_s$/, 's'],
  [/_ms$/, 'ms'],
  [/_mb$/, 'MB'],
  [/_bytes$/, 'B'],
  [/edits/, 'edits'],
  [/^documents_/, 'documents'],
  [/^phones_/, 'phones'],
];
const unitOf = (metric) => UNITS.find(([pattern]) => pattern.test(metric))?.[1] ?? '';
const rounded = (value) => Number(value.toFixed(3));

function options() {
  const text = (byDefault) => ({ type: 'string', default: byDefault });
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({
    options: {
      peer: text('all'),
      workload: text(Object.keys(WORKLOADS).join(',')),
      dossiers: text('1000'),
      runs: text('1'),
      limit: text('180'),
      tmp: text(os.tmpdir()),
      out: { type: 'string' },
      quick: flag,
      check: flag,
      help: flag,
    },
  });
  const peers = values.peer === 'all' ? Object.keys(SYSTEMS) : chosen(values.peer, SYSTEMS, 'peer');
  const workloads = chosen(values.workload, WORKLOADS, 'workload');
  const [runs, limit] = [Number(values.runs), Number(values.limit)];
  if (!values.check && !values.help && !values.out) throw new Error('--out is missing');
  if (values.check) return { ...values, peers, workloads, dossiers: 20, runs, limit: 60, sizes: CHECK };
  const sizes = values.quick ? QUICK : FULL;
  return { ...values, peers, workloads, dossiers: Number(values.dossiers), runs, limit, sizes };
}

function chosen(list, known, what) {
  const names = list.split(',');
  const wrong = names.find((name) => !Object.hasOwn(known, name));
  if (wrong !== undefined) throw new Error(`there is no ${what} ${wrong}`);
  return names;
}

// Made when first asked for, then kept for the other runs of this call.
async function seedOf(peer, dossiers, folder) {
  const seed = path.join(folder, `seed-${peer}-${dossiers}`);
  if (!fs.existsSync(seed)) {
    fs.mkdirSync(seed);
    const file = path.join(import.meta.dirname, peer, 'seed.mjs');
    await Child.toTheEnd(`${peer} seed`, file, [seed, dossiers], seed, PREPARATION);
  }
  return new Seed(seed);
}

// One run: { metrics, failed?, seconds }. Whatever happens, all that it started has ended afterwards.
async function runOnce(peer, workload, { dossiers, sizes, limit, folder }) {
  const began = now();
  const place = fs.mkdtempSync(path.join(folder, 'run-'));
  const spent = () => (now() - began) / 1000;
  try {
    const seed = await seedOf(peer, WORKLOADS[workload].dossiers ?? dossiers, folder);
    const stage = new Stage({ peer, seed, folder: place, sizes, limit, preparation: PREPARATION });
    const result = await WORKLOADS[workload].run(stage);
    return { ...result, seconds: spent() };
  } catch (error) {
    return { metrics: {}, failed: error.message, seconds: spent() };
  } finally {
    await endAll();
    fs.rmSync(place, { recursive: true, force: true });
  }
}

// The rows of one workload with one peer. Of a run that failed only what it did measure counts, and only if none succeeded.
function rowsOf(peer, workload, results) {
  const base = { workload, system: SYSTEMS[peer] };
  const good = results.filter(({ failed }) => !failed);
  const counted = good.length > 0 ? good : results;
  const rows = Object.keys(counted[0].metrics).map((metric) => {
    const value = median(counted.map(({ metrics }) => metrics[metric]).filter((one) => one !== undefined));
    return { ...base, metric, value: rounded(value), unit: unitOf(metric) };
  });
  if (good.length > 1 && Object.hasOwn(good[0].metrics, 'lost_edits')) {
    const value = Math.max(...good.map(({ metrics }) => metrics.lost_edits));
    rows.push({ ...base, metric: 'lost_edits_worst', value, unit: 'edits' });
  }
  for (const { failed, seconds } of results.filter((result) => result.failed)) {
    rows.push({ ...base, metric: 'failed', value: rounded(seconds), unit: 's', detail: failed });
  }
  return rows;
}

function missing(rows, { peers, workloads }) {
  return peers.flatMap((peer) =>
    workloads.flatMap((workload) => {
      const of = rows.filter((row) => row.workload === workload && row.system === SYSTEMS[peer]);
      const wanted = WORKLOADS[workload].metrics;
      const absent = wanted.filter((metric) => !of.some((row) => row.metric === metric && Number.isFinite(row.value)));
      const failures = of.filter(({ metric }) => metric === 'failed').map(({ detail }) => `failed: ${detail}`);
      return [...absent, ...failures].map((what) => `${SYSTEMS[peer]} ${workload} ${what}`);
    }),
  );
}

function say(rows) {
  for (const { workload, system, metric, value, unit, detail = '' } of rows) {
    console.log(workload.padEnd(7), system.padEnd(15), metric.padEnd(24), String(value).padStart(12), unit, detail);
  }
}

async function main(asked) {
  const folder = fs.mkdtempSync(path.join(asked.tmp, 'liaison-peers-'));
  const leave = () => fs.rmSync(folder, { recursive: true, force: true });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await endAll();
      leave();
      process.exit(1);
    });
  }
  const rows = [];
  try {
    for (const peer of asked.peers) {
      for (const workload of asked.workloads) {
        const results = [];
        for (let run = 0; run < asked.runs; run += 1) results.push(await runOnce(peer, workload, { ...asked, folder }));
        const more = rowsOf(peer, workload, results);
        say(more);
        rows.push(...more);
        if (asked.out) fs.writeFileSync(asked.out, `${JSON.stringify(rows, null, 1)}\n`);
      }
    }
  } finally {
    leave();
  }
  if (!asked.check) return;
  const absent = missing(rows, asked);
  for (const what of absent) console.error(`missing: ${what}`);
  process.exitCode = absent.length > 0 ? 1 : 0;
}

const asked = options();
if (asked.help) console.log(HELP);
else await main(asked);
