// W3, the phones of a field day: they fetch, lose the network, write, and come back all at once.
import { fieldDayEdits } from '../content.mjs';
import { clientMeter, inTurn, pause } from '../measure.mjs';

const AT_ONCE = 5;
export const HELD = 10; // dossiers of a phone

export const heldBy = (phone) => Array.from({ length: HELD }, (_, offset) => phone * HELD + offset);

export function phones(createClient, { ids }) {
  let fleet;
  const confirmed = [];

  async function comeBack({ phone, client }) {
    await client.reconnect();
    confirmed.push(phone);
  }

  return {
    async goOut({ port, count }) {
      fleet = Array.from({ length: count }, (_, phone) => ({
        phone,
        held: heldBy(phone),
        client: createClient({ port, name: `phone-${phone}` }),
      }));
      await inTurn(fleet, AT_ONCE, ({ held, client }) => client.open(held.map((dossier) => ids[dossier])));
      await pause(1000); // what they still had to say is said
      for (const { client } of fleet) await client.disconnect();
      for (const { phone, held, client } of fleet) {
        for (const { dossier, edit } of fieldDayEdits(phone, held)) await client.edit(ids[dossier], edit);
      }
    },

    async comeBack() {
      const meter = clientMeter();
      await Promise.all(fleet.map(comeBack));
      return { spent: meter() };
    },

    // The phones that were told that all they wrote has arrived.
    confirmed: () => confirmed,
  };
}
