// One process of clients of one peer. Started by lib/stage.mjs, which asks for what is in lib/acts over IPC.
// Arguments: peer, folder of the seed.
import { live } from './lib/acts/live.mjs';
import { morning } from './lib/acts/morning.mjs';
import { office } from './lib/acts/office.mjs';
import { phones } from './lib/acts/phones.mjs';
import { answer } from './lib/answering.mjs';
import { Seed } from './lib/seed.mjs';

const [, , peer, folder] = process.argv;
const { createClient } = await import(`./${peer}/client.mjs`);
const seed = new Seed(folder);

// Peers throw from their sockets when a server is killed or a line is cut; they come back by themselves, or the run fails.
process.on('uncaughtException', (error) => console.error(error));
process.on('unhandledRejection', (error) => console.error(error));

answer({
  ...office(createClient, seed),
  ...phones(createClient, seed),
  ...live(createClient, seed),
  ...morning(createClient, seed),
});
