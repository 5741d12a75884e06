// Writes the database of a Hocuspocus server that holds so many dossiers. Arguments: folder, number of dossiers.
import path from 'node:path';
import { schema, upsertQuery } from '@hocuspocus/extension-sqlite';
import sqlite3 from 'sqlite3';
import * as Y from 'yjs';
import { dossier, dossierName } from '../lib/content.mjs';
import { SeedWriter } from '../lib/seed.mjs';
import { apply } from './client.mjs';

const seed = new SeedWriter(process.argv[2]);
const wanted = Number(process.argv[3]);

function build(number) {
  const { fields, history } = dossier(number);
  const document = new Y.Doc();
  document.transact(() => {
    for (const [field, value] of Object.entries(fields)) document.getMap('champs').set(field, value);
  });
  for (const edit of history) apply(document, edit);
  return Buffer.from(Y.encodeStateAsUpdate(document));
}

const database = new sqlite3.Database(path.join(seed.store, 'db.sqlite'));
await new Promise((resolve) => {
  database.serialize(() => {
    database.run(schema).run('BEGIN');
    for (let number = 0; number < wanted; number += 1) {
      const body = build(number);
      database.run(upsertQuery, { $name: dossierName(number), $data: body });
      seed.add(dossierName(number), body);
    }
    database.run('COMMIT', resolve);
  });
});
await new Promise((resolve) => database.close(resolve));
seed.finish();
process.exit(0);
