// Where one run of a workload takes place: a server on a fresh copy of the seed, processes of clients, and their limits.
import fs from 'node:fs';
import path from 'node:path';
import { cpuSeconds, now, pause } from './measure.mjs';
import { Child, freePort } from './processes.mjs';

const ROOT = path.dirname(import.meta.dirname);
const POLL = 250; // ms
const IDLE = 0.03; // CPU seconds in a second

export class Stage {
  // `limit`: seconds for what is measured; `preparation`: for what has to be done before, step by step.
  constructor({ peer, seed, folder, sizes, limit, preparation }) {
    Object.assign(this, { peer, seed, folder, sizes, limit, preparation });
    this.data = path.join(folder, 'data');
    fs.cpSync(path.join(seed.folder, 'store'), this.data, { recursive: true });
  }

  get total() {
    return this.seed.ids.length;
  }

  async startServer() {
    this.port = await freePort();
    const file = path.join(ROOT, this.peer, 'server.mjs');
    this.server = await Child.start(`${this.peer} server`, file, [this.data, this.port], this.folder);
    return this.server;
  }

  async startClients(name) {
    const file = path.join(ROOT, 'client.mjs');
    return Child.start(`${this.peer} ${name}`, file, [this.peer, this.seed.folder], this.folder);
  }

  // One step of the preparation, and one of what is measured.
  prepare(child, command, argument = {}) {
    return child.ask(command, { port: this.port, ...argument }, this.preparation);
  }

  measure(child, command, argument = {}) {
    return child.ask(command, { port: this.port, ...argument }, this.limit);
  }

  // Until the server has had nothing to do for a while: what it put off (by 2 s, say) is done too.
  async serverAtRest() {
    const end = now() + this.preparation * 1000;
    for (let quiet = 0; quiet < this.sizes.restSeconds; ) {
      if (now() > end) throw new Error(`${this.server.name} does not come to rest`);
      const before = cpuSeconds(this.server.pid);
      await pause(1000);
      quiet = cpuSeconds(this.server.pid) - before <= IDLE ? quiet + 1 : 0;
    }
  }

  // Until nothing was written for `settleSeconds` after `moment`: the state of its writes.
  async everythingWritten(moment) {
    const end = now() + this.limit * 1000;
    for (;;) {
      const writes = await this.measure(this.server, 'writes');
      const quiet = now() - Math.max(writes.last, moment);
      if (writes.pending === 0 && quiet > this.sizes.settleSeconds * 1000) return writes;
      if (now() > end) throw new Error(`${this.server.name} does not stop writing`);
      await pause(POLL);
    }
  }
}
