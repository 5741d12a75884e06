// A seed: the store of a server with so many dossiers, and what a client needs that holds them already.
//   FOLDER/store/   copied for each server that is started
//   FOLDER/ids.json the identifiers, in order
//   FOLDER/bodies/  each dossier as a client keeps it (not for PouchDB, whose clients fetch before they are measured)
import fs from 'node:fs';
import path from 'node:path';

export class SeedWriter {
  ids = [];

  constructor(folder) {
    this.folder = folder;
    this.store = path.join(folder, 'store');
    fs.mkdirSync(this.store, { recursive: true });
    fs.mkdirSync(path.join(folder, 'bodies'));
  }

  add(id, body) {
    this.ids.push(id);
    if (body) fs.writeFileSync(path.join(this.folder, 'bodies', id), body);
  }

  finish() {
    fs.writeFileSync(path.join(this.folder, 'ids.json'), JSON.stringify(this.ids));
  }
}

export class Seed {
  #bodies = new Map();

  constructor(folder) {
    this.folder = folder;
    this.ids = JSON.parse(fs.readFileSync(path.join(folder, 'ids.json'), 'utf8'));
  }

  bodyOf = (id) => {
    if (!this.#bodies.has(id)) this.#bodies.set(id, fs.readFileSync(path.join(this.folder, 'bodies', id)));
    return this.#bodies.get(id);
  };
}
