// What an office does: it takes every dossier, waits for what phones wrote, counts what a server has.
import { clientMeter, now } from '../measure.mjs';

export function office(createClient, { ids, bodyOf }) {
  let client;
  let everythingSeen;
  const begin = (port, name) => (client = createClient({ port, name, everything: true }));

  return {
    // W1: an empty device.
    async fetchAll({ port }) {
      const meter = clientMeter();
      begin(port, 'office');
      await client.open(ids);
      const spent = meter();
      return { spent, usable: ids.filter((id) => client.usable(id)).length, cuts: client.cuts };
    },

    // W2: a device that has everything …
    async holdAll({ port }) {
      begin(port, 'office');
      await client.hold(ids, bodyOf);
    },

    // … and connects.
    async connectAll() {
      const meter = clientMeter();
      await client.reconnect();
      return { spent: meter() };
    },

    // An office at work: it has everything and hears of what comes.
    async work({ port }) {
      begin(port, 'office at work');
      await client.open(ids);
      await client.stayLive();
    },

    // W3: from now on it looks for these edits: [{ dossier, edit }].
    watchFor(edits) {
      const missing = new Map(edits.map(({ dossier }) => [dossier, []]));
      for (const edit of edits) missing.get(edit.dossier).push(edit);
      let left = edits.length;
      const meter = clientMeter();
      everythingSeen = new Promise((resolve) => {
        const look = (dossier) => {
          const before = missing.get(dossier);
          const after = before.filter(({ edit }) => !client.has(ids[dossier], edit));
          missing.set(dossier, after);
          left -= before.length - after.length;
          if (left === 0 && before.length > 0) resolve({ seen: now(), spent: meter() });
        };
        for (const dossier of missing.keys()) client.onChange(ids[dossier], () => look(dossier));
      });
    },

    everythingSeen: () => everythingSeen,

    // How many of each phone's edits a server does not have: [{ dossier, edit, phone }] → { phone: number }.
    async countLost({ port, edits }) {
      begin(port, 'auditor');
      await client.open(ids);
      const lost = {};
      for (const { dossier, edit, phone } of edits) {
        if (!client.has(ids[dossier], edit)) lost[phone] = (lost[phone] ?? 0) + 1;
      }
      return lost;
    },
  };
}
