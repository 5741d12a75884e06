// The workloads, as run.mjs directs them: each prepares, measures, and gives { metrics } (or { metrics, failed }).
import { fieldDayEdits } from './content.mjs';
import { now, percentile, serverMeter } from './measure.mjs';
import { heldBy, HELD } from './acts/phones.mjs';

const RUSH_HELD = 20; // dossiers of a phone in the morning
const RUSH_CLIENTS = 250; // phones in one process, about
const seconds = (from, to) => (to - from) / 1000;
const sum = (values) => values.reduce((total, value) => total + value, 0);

// What several client processes spent together; « in » is towards the clients.
function clientMetrics(spent) {
  const wire_in_bytes = sum(spent.map((one) => one.in));
  const wire_out_bytes = sum(spent.map((one) => one.out));
  const client_cpu_s = sum(spent.map(({ cpu }) => cpu));
  return { client_cpu_s, wire_bytes: wire_in_bytes + wire_out_bytes, wire_in_bytes, wire_out_bytes };
}

const wall = ({ begin, end }) => seconds(begin, end);

// An empty office device obtains everything from a server that was just started.
async function bootstrap(stage) {
  const server = await stage.startServer();
  const office = await stage.startClients('office');
  const meter = serverMeter(server.pid);
  const { spent, usable, cuts } = await stage.measure(office, 'fetchAll');
  const metrics = {
    wall_s: wall(spent),
    ...meter(),
    ...clientMetrics([spent]),
    documents_usable: usable,
    lines_cut: cuts,
  };
  return usable === stage.total ? { metrics } : { metrics, failed: `${usable} of ${stage.total} documents are usable` };
}

// An office device that has everything connects, and nothing has changed. Another one is at work, so that servers that
// keep documents in memory while somebody has them open have them there.
async function idleReconnect(stage) {
  const server = await stage.startServer();
  const atWork = await stage.startClients('office at work');
  await stage.prepare(atWork, 'work');
  const office = await stage.startClients('office');
  await stage.prepare(office, 'holdAll');
  await stage.serverAtRest();
  const meter = serverMeter(server.pid);
  const { spent } = await stage.measure(office, 'connectAll');
  return { metrics: { wall_s: wall(spent), ...meter(), ...clientMetrics([spent]) } };
}

// Phones that were out with their edits, and an office at work that is to see them.
async function prepareFieldDay(stage) {
  const server = await stage.startServer();
  const office = await stage.startClients('office');
  const phones = await stage.startClients('phones');
  const count = Math.min(stage.sizes.phones, Math.floor(stage.total / HELD));
  await stage.prepare(office, 'work');
  await stage.prepare(phones, 'goOut', { count });
  const edits = Array.from({ length: count }, (_, phone) => phone).flatMap((phone) =>
    fieldDayEdits(phone, heldBy(phone)).map((edit) => ({ ...edit, phone })),
  );
  await stage.serverAtRest();
  await office.ask('watchFor', edits, stage.preparation);
  return { server, office, phones, edits };
}

// What a server has after it was killed and started again on what it had written: { phone: edits it lost }.
async function lostAfterKill(stage, { office, phones, edits }) {
  await Promise.all([office.kill(), phones.kill()]); // else they would bring back what was lost
  await stage.startServer();
  const auditor = await stage.startClients('auditor');
  return stage.prepare(auditor, 'countLost', { edits });
}

async function fieldDay(stage) {
  const scene = await prepareFieldDay(stage);
  const { server, office, phones } = scene;
  const before = await stage.prepare(server, 'writes');
  const meter = serverMeter(server.pid);
  const [back, seen] = await Promise.all([stage.measure(phones, 'comeBack'), stage.measure(office, 'everythingSeen')]);
  const { begin, end } = back.spent;
  const writes = await stage.everythingWritten(Math.max(seen.seen, end));
  const spent = meter();
  await server.kill();
  const lost = await lostAfterKill(stage, scene);
  return {
    metrics: {
      wall_s: seconds(begin, Math.max(end, seen.seen, writes.last)),
      phones_confirmed_s: seconds(begin, end),
      office_up_to_date_s: seconds(begin, seen.seen),
      durable_s: seconds(begin, writes.last),
      ...spent,
      ...clientMetrics([back.spent, seen.spent]),
      server_writes: writes.done - before.done,
      lost_edits: sum(Object.values(lost)),
    },
  };
}

async function fieldDayKilled(stage) {
  const scene = await prepareFieldDay(stage);
  const { server, office, phones, edits } = scene;
  phones.ask('comeBack', {}, stage.limit).catch(() => {}); // most are not told before the server is dead
  await stage.measure(office, 'everythingSeen');
  await server.kill();
  const confirmed = new Set(await stage.prepare(phones, 'confirmed'));
  const lost = await lostAfterKill(stage, scene);
  const confirmedLost = Object.entries(lost).filter(([phone]) => confirmed.has(Number(phone)));
  return {
    metrics: {
      lost_edits: sum(Object.values(lost)),
      edits_written: edits.length,
      acknowledged_edits: edits.filter(({ phone }) => confirmed.has(phone)).length,
      lost_acknowledged_edits: sum(confirmedLost.map(([, count]) => count)),
    },
  };
}

// One writer, and readers of the same dossier in two processes.
async function live(stage) {
  const { readers, liveSeconds, perSecond } = stage.sizes;
  const count = perSecond * liveSeconds;
  const server = await stage.startServer();
  const writer = await stage.startClients('writer');
  const halves = [Math.ceil(readers / 2), Math.floor(readers / 2)];
  const reading = await Promise.all(halves.map((_, half) => stage.startClients(`readers ${half}`)));
  await stage.prepare(writer, 'joinLive', { name: 'writer', count: 1, writes: true });
  for (const [half, child] of reading.entries()) {
    await stage.prepare(child, 'joinLive', { name: `reader-${half}`, count: halves[half] });
  }
  await stage.serverAtRest();
  for (const child of reading) await stage.prepare(child, 'read', { count });
  const meter = serverMeter(server.pid);
  const [written, ...read] = await Promise.all([
    stage.measure(writer, 'write', { count, perSecond }),
    ...reading.map((child) => stage.measure(child, 'everythingRead')),
  ]);
  const arrivals = read.flatMap((half) => half.arrivals);
  const latencies = arrivals.flatMap((moments) => moments.map((moment, number) => moment - written.sent[number]));
  return {
    metrics: {
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
      max_ms: percentile(latencies, 1),
      wall_s: seconds(written.spent.begin, Math.max(...arrivals.map((moments) => moments.at(-1)))),
      ...meter(),
      ...clientMetrics([written.spent, ...read.map(({ spent }) => spent)]),
      deliveries: latencies.length,
    },
  };
}

// The phones of a morning, in processes that share them out: each process has some of every second of the rush.
async function prepareRush(stage) {
  const { rushPhones: total } = stage.sizes;
  const parts = Math.max(2, Math.ceil(total / RUSH_CLIENTS));
  const numbers = Array.from({ length: total }, (_, phone) => phone);
  const children = await Promise.all(Array.from({ length: parts }, (_, part) => stage.startClients(`phones ${part}`)));
  await Promise.all(
    children.map((child, part) => {
      const mine = numbers.filter((phone) => phone % parts === part);
      return stage.prepare(child, 'wakeUp', { numbers: mine, perPhone: RUSH_HELD });
    }),
  );
  return children;
}

async function morningRush(stage) {
  const { rushPhones: total, rushSeconds: spread } = stage.sizes;
  const server = await stage.startServer();
  const office = await stage.startClients('office at work');
  await stage.prepare(office, 'work');
  const children = await prepareRush(stage);
  await stage.serverAtRest();
  const meter = serverMeter(server.pid);
  const begin = now() + 500;
  const when = { begin, spread, total };
  const ends = await Promise.allSettled(children.map((child) => stage.measure(child, 'comeIn', when)));
  const spent = meter();
  const end = now();
  const parts = await Promise.all(children.map((child) => stage.prepare(child, 'comeInSoFar')));
  const latencies = parts.flatMap((part) => part.latencies);
  const late = ends.find(({ status }) => status === 'rejected');
  const figures = {
    ...spent,
    phones_up_to_date: latencies.length,
    client_lateness_ms: Math.max(...parts.map(({ latest }) => latest)),
  };
  if (late) return { metrics: figures, failed: `${latencies.length} of ${total} phones: ${late.reason.message}` };
  return {
    metrics: {
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
      max_ms: percentile(latencies, 1),
      wall_s: seconds(begin, end),
      ...figures,
      ...clientMetrics(parts.map((part) => part.spent)),
    },
  };
}

const COSTS = ['server_cpu_s', 'client_cpu_s', 'server_peak_rss_mb', 'wire_bytes', 'wire_in_bytes', 'wire_out_bytes'];
const LATENCIES = ['p50_ms', 'p99_ms', 'max_ms'];
const FIELD_DAY = ['phones_confirmed_s', 'office_up_to_date_s', 'durable_s', 'server_writes', 'lost_edits'];

// `metrics`: what a run has to give. `dossiers`: how many the server holds, if not as many as were asked for.
export const WORKLOADS = {
  W1: { run: bootstrap, metrics: ['wall_s', ...COSTS, 'documents_usable'] },
  W2: { run: idleReconnect, metrics: ['wall_s', ...COSTS] },
  W3: { run: fieldDay, metrics: ['wall_s', ...COSTS, ...FIELD_DAY] },
  W3kill: { run: fieldDayKilled, metrics: ['lost_edits', 'acknowledged_edits', 'lost_acknowledged_edits'] },
  W4: { run: live, metrics: [...LATENCIES, 'wall_s', ...COSTS, 'deliveries'], dossiers: 1 },
  W5: { run: morningRush, metrics: [...LATENCIES, 'wall_s', ...COSTS, 'phones_up_to_date', 'client_lateness_ms'] },
};
