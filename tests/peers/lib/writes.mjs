// Watches a server's writes to its store, so that run.mjs knows when everything is on the disk.
import { now } from './measure.mjs';

export class Writes {
  pending = 0;
  done = 0;
  last = 0; // end of the last one, on the clock of measure.mjs

  begin() {
    this.pending += 1;
  }

  end() {
    this.pending -= 1;
    this.done += 1;
    this.last = now();
  }

  state() {
    return { pending: this.pending, done: this.done, last: this.last };
  }
}
