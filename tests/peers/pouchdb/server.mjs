// express-pouchdb on leveldb, with the routes that replication needs. Arguments: folder, port.
import path from 'node:path';
import express from 'express';
import expressPouchDB from 'express-pouchdb';
import leveldb from 'pouchdb-adapter-leveldb';
import PouchDB from 'pouchdb-core';
import mapreduce from 'pouchdb-mapreduce';
import replication from 'pouchdb-replication';
import { answer } from '../lib/answering.mjs';
import { Writes } from '../lib/writes.mjs';

PouchDB.plugin(leveldb).plugin(mapreduce).plugin(replication);
const [, , folder, port] = process.argv;
const writes = new Writes();
const Store = PouchDB.defaults({ prefix: folder + path.sep });

const app = express();
app.use((request, response, next) => {
  if (request.method === 'POST' && request.url.includes('_bulk_docs')) {
    writes.begin();
    response.on('close', () => writes.end());
  }
  next();
});
app.use('/', expressPouchDB(Store, { mode: 'minimumForPouchDB' }));
app.listen(Number(port), '127.0.0.1', async () => {
  await new Store('dossiers').info();
  answer({ writes: () => writes.state() });
});
