// W5, some of the phones of a morning: they hold their dossiers already, wrote one change each, and connect one by one.
import { morningEdit } from '../content.mjs';
import { clientMeter, inTurn, now, pause } from '../measure.mjs';

const AT_ONCE = 5;

// Dossiers are dealt round: phones hold the same ones as soon as all are dealt, and change another of them at each round.
export function dealt(phone, perPhone, total) {
  const held = Math.min(perPhone, total);
  const first = phone * held;
  const dossiers = Array.from({ length: held }, (_, offset) => (first + offset) % total);
  return { dossiers, changed: dossiers[Math.floor(first / total) % held] };
}

export function morning(createClient, { ids, bodyOf }) {
  let fleet;
  let spent;
  let latest = 0; // how late this process began with a phone, in milliseconds: it has others to look after
  const latencies = [];

  async function comeIn({ phone, client }, { begin, spread, total }) {
    const due = begin + (spread * 1000 * phone) / total;
    await pause(Math.max(0, due - now()));
    const started = now();
    latest = Math.max(latest, started - due);
    await client.reconnect();
    latencies.push(now() - started);
  }

  return {
    async wakeUp({ port, numbers, perPhone }) {
      fleet = numbers.map((phone) => ({ phone, client: createClient({ port, name: `phone-${phone}` }) }));
      await inTurn(fleet, AT_ONCE, async ({ phone, client }) => {
        const { dossiers, changed } = dealt(phone, perPhone, ids.length);
        await client.hold(dossiers.map((dossier) => ids[dossier]), bodyOf);
        await client.edit(ids[changed], morningEdit(phone));
      });
    },

    async comeIn(when) {
      const meter = clientMeter();
      await Promise.all(fleet.map((phone) => comeIn(phone, when)));
      spent = meter();
    },

    // Of those that are up to date and whose change is with the server, so far.
    comeInSoFar: () => ({ spent, latencies, latest }),
  };
}
