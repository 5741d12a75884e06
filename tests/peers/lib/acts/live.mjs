// W4: one who writes, and those who read the same dossier meanwhile; in processes of their own.
import { liveEdit } from '../content.mjs';
import { clientMeter, inTurn, now, pause } from '../measure.mjs';

const AT_ONCE = 5;
const edits = (count) => Array.from({ length: count }, (_, number) => liveEdit(number));

// Fields are written over every 60 edits, transmissions never, and a reader may get several edits at once: an edit has
// arrived when it shows, or when the next transmission does. Gives the number of the last edit that has arrived, or -1.
function arrivedUpTo(client, id, expected, next) {
  const transmission = next | 3; // every fourth: see liveEdit
  if (client.has(id, expected[transmission])) return transmission;
  return client.has(id, expected[next]) ? next : -1;
}

// The moments at which each edit shows to one reader.
function follow(client, id, expected) {
  const arrivals = [];
  return new Promise((resolve) => {
    client.onChange(id, () => {
      const moment = now();
      while (arrivals.length < expected.length) {
        const last = arrivedUpTo(client, id, expected, arrivals.length);
        if (last < 0) return;
        while (arrivals.length <= last) arrivals.push(moment);
      }
      resolve(arrivals);
    });
  });
}

export function live(createClient, { ids: [id] }) {
  let clients;
  let reading;
  let meter;

  return {
    async joinLive({ port, name, count, writes }) {
      clients = Array.from({ length: count }, (_, number) =>
        createClient({ port, name: `${name}-${number}`, everything: true }),
      );
      await inTurn(clients, AT_ONCE, async (client) => {
        await client.open([id]);
        await client.stayLive({ writes });
      });
    },

    read({ count }) {
      meter = clientMeter();
      reading = Promise.all(clients.map((client) => follow(client, id, edits(count))));
    },

    // When every reader has everything: the moments of each.
    async everythingRead() {
      const arrivals = await reading;
      return { spent: meter(), arrivals };
    },

    async write({ count, perSecond }) {
      const spent = clientMeter();
      const begin = now();
      const sent = [];
      for (const [number, edit] of edits(count).entries()) {
        await pause(Math.max(0, begin + (number * 1000) / perSecond - now()));
        sent.push(now());
        clients[0].edit(id, edit);
      }
      return { spent: spent(), sent };
    },
  };
}
