// Writes the store of an automerge-repo server that holds so many dossiers. Arguments: folder, number of dossiers.
import './room.mjs';
import * as A from '@automerge/automerge';
import { Repo } from '@automerge/automerge-repo';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { dossier } from '../lib/content.mjs';
import { SeedWriter } from '../lib/seed.mjs';
import { apply, scalars } from './client.mjs';

const DISTINCT = 1000; // building them is slow: then the content comes again, under new ids
const FLUSH_EVERY = 200;
const seed = new SeedWriter(process.argv[2]);
const wanted = Number(process.argv[3]);

function build(number) {
  const { fields, history } = dossier(number);
  const empty = A.change(A.init(), (document) => {
    document.champs = scalars(fields);
    document.transmissions = {};
  });
  return A.save(history.reduce((document, edit) => A.change(document, (draft) => apply(draft, edit)), empty));
}

const repo = new Repo({ storage: new NodeFSStorageAdapter(seed.store), saveDebounceRate: 1e9 });
const bodies = [];
for (let number = 0; number < wanted; number += 1) {
  if (number < DISTINCT) bodies.push(build(number));
  const body = bodies[number % DISTINCT];
  seed.add(repo.import(body).documentId, body);
  if (number % FLUSH_EVERY === FLUSH_EVERY - 1) await repo.flush(seed.ids.slice(-FLUSH_EVERY));
}
await repo.flush();
seed.finish();
process.exit(0);
