// A client of PouchDB: a database in memory that replicates with the server's over HTTP. One document a dossier.
import { EventEmitter } from 'node:events';
import { Agent } from 'node:http';
import http from 'pouchdb-adapter-http';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';
import { fetch } from 'pouchdb-fetch';
import replication from 'pouchdb-replication';
import { FIELDS, TRANSMISSIONS, fieldName } from '../lib/content.mjs';
import { pause } from '../lib/measure.mjs';

PouchDB.plugin(memory).plugin(http).plugin(replication);
EventEmitter.defaultMaxListeners = 0;
const SOCKETS = 6; // to one server, like a browser

export function apply(document, edit) {
  if (edit.kind === 'field') document.champs[edit.field] = edit.value;
  else {
    const { auteur, date, texte } = edit;
    document.transmissions[edit.id] = { auteur, date, texte };
  }
}

export const createClient = (options) => new Client(options);

class Client {
  #local;
  #remote;
  #everything;
  #filter = {};
  #documents = new Map(); // as they stand in the local database
  #callbacks = new Map();
  #feed;
  #live;
  #lastEdit = Promise.resolve();
  cuts = 0;

  // `everything`: it takes all the server has, like an office; else only what it opens, like a phone.
  constructor({ port, name, everything }) {
    this.#local = new PouchDB(name, { adapter: 'memory' });
    // Connections are kept, as a browser does; PouchDB's fetch in Node closes each after its answer.
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
    this.#remote = new PouchDB(`http://127.0.0.1:${port}/dossiers`, {
      skip_setup: true,
      fetch: (address, options) => fetch(address, { ...options, agent }),
    });
    this.#everything = everything;
  }

  async open(ids) {
    if (!this.#everything) this.#filter = { doc_ids: ids };
    await this.#local.replicate.from(this.#remote, this.#filter);
    const { rows } = await this.#local.allDocs({ include_docs: true, keys: ids });
    for (const { id, doc } of rows) if (doc) this.#documents.set(id, doc);
  }

  // Fetches, and goes both ways once, so that the checkpoints of both directions exist, as on any second day.
  async hold(ids) {
    await this.open(ids);
    await this.reconnect();
  }

  disconnect() {
    this.#live?.cancel();
    this.#live = undefined;
  }

  // One replication both ways, to its end.
  async reconnect() {
    const { push, pull } = await this.#local.sync(this.#remote, this.#filter);
    const failed = [...push.errors, ...pull.errors];
    if (failed.length > 0) throw new Error(`replication: ${failed[0].message ?? failed[0]}`);
  }

  edit(id, edit) {
    this.#lastEdit = this.#lastEdit.then(async () => {
      const document = await this.#local.get(id);
      apply(document, edit);
      await this.#local.put(document);
    });
    return this.#lastEdit;
  }

  usable(id) {
    const { champs, transmissions } = this.#documents.get(id);
    const read = champs[fieldName(0)].length > 0;
    return read && Object.keys(champs).length === FIELDS && Object.keys(transmissions).length >= TRANSMISSIONS;
  }

  has(id, edit) {
    const { champs, transmissions } = this.#documents.get(id);
    return edit.kind === 'field' ? champs[edit.field] === edit.value : transmissions[edit.id]?.texte === edit.texte;
  }

  onChange(id, callback) {
    this.#callbacks.set(id, callback);
    this.#feed ??= this.#local.changes({ live: true, since: 'now', include_docs: true }).on('change', ({ id, doc }) => {
      this.#documents.set(id, doc);
      this.#callbacks.get(id)?.();
    });
  }

  // Replication that goes on: to the server only for those who write.
  async stayLive({ writes = false } = {}) {
    const options = { ...this.#filter, live: true };
    this.#live = writes ? this.#local.sync(this.#remote, options) : this.#local.replicate.from(this.#remote, options);
    this.#live.on('error', (error) => console.error(error));
    await pause(50);
  }
}
