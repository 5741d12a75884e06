// A Hocuspocus server with its SQLite extension, in its default settings. Arguments: folder, port.
import path from 'node:path';
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';
import sqlite3 from 'sqlite3';
import { answer } from '../lib/answering.mjs';
import { Writes } from '../lib/writes.mjs';

const [, , folder, port] = process.argv;
const writes = new Writes();
const { run } = sqlite3.Database.prototype; // by which the extension writes, and only by it
sqlite3.Database.prototype.run = function watched(sql, parameters, callback) {
  writes.begin();
  return run.call(this, sql, parameters ?? [], function done(error) {
    writes.end();
    if (error) console.error(error);
    callback?.call(this, error);
  });
};

const server = new Server({
  port: Number(port),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions: [new SQLite({ database: path.join(folder, 'db.sqlite') })],
});
await server.listen();
answer({ writes: () => writes.state() });
