// Writes the database of an express-pouchdb server that holds so many dossiers. Arguments: folder, number of dossiers.
import path from 'node:path';
import leveldb from 'pouchdb-adapter-leveldb';
import PouchDB from 'pouchdb-core';
import { dossier, dossierName } from '../lib/content.mjs';
import { SeedWriter } from '../lib/seed.mjs';
import { apply } from './client.mjs';

PouchDB.plugin(leveldb);
const AT_ONCE = 100;
const seed = new SeedWriter(process.argv[2]);
const wanted = Number(process.argv[3]);

function build(number) {
  const { fields, history } = dossier(number);
  const document = { _id: dossierName(number), champs: fields, transmissions: {} };
  for (const edit of history) apply(document, edit);
  return document;
}

const database = new PouchDB('dossiers', { prefix: seed.store + path.sep, adapter: 'leveldb' });
for (let first = 0; first < wanted; first += AT_ONCE) {
  const length = Math.min(AT_ONCE, wanted - first);
  const documents = Array.from({ length }, (_, offset) => build(first + offset));
  await database.bulkDocs(documents);
  for (const { _id } of documents) seed.add(_id);
}
await database.close();
seed.finish();
process.exit(0);
