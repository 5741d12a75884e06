// A client of automerge-repo: a Repo over the WebSocket adapter, without storage of its own.
import './room.mjs';
import * as A from '@automerge/automerge';
import { Repo } from '@automerge/automerge-repo';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';
import { FIELDS, TRANSMISSIONS, fieldName } from '../lib/content.mjs';
import { inTurn, pause } from '../lib/measure.mjs';

const FINDS_AT_ONCE = 50;
const scalar = (value) => new A.ImmutableString(value); // a plain `string` would be a mergeable text, which costs more

export const scalars = (fields) =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, scalar(value)]));

export function apply(document, edit) {
  if (edit.kind === 'field') document.champs[edit.field] = scalar(edit.value);
  else {
    const { auteur, date, texte } = edit;
    document.transmissions[edit.id] = { auteur: scalar(auteur), date: scalar(date), texte: scalar(texte) };
  }
}

export const createClient = (options) => new Client(options);

class Client {
  #handles = new Map();
  #repo;
  #adapter;
  #attached = false;
  cuts = 0; // times the line broke while documents were fetched

  constructor({ port }) {
    this.#adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${port}`, 5000);
    this.#repo = new Repo({ network: [] });
  }

  async open(ids) {
    this.#attach();
    const cut = () => (this.cuts += 1);
    while (this.#repo.peers.length === 0) await pause(10);
    this.#repo.networkSubsystem.on('peer-disconnected', cut);
    await inTurn(ids, FINDS_AT_ONCE, async (id) => {
      // A cut ends a pending `find` as « unavailable »; the document still comes once the adapter has reconnected.
      const handle = await this.#repo.find(id, { allowableStates: ['ready', 'unavailable'] });
      if (!handle.isReady()) await handle.whenReady();
      this.#handles.set(id, handle);
    });
    this.#repo.networkSubsystem.off('peer-disconnected', cut);
  }

  // As an application that was started anew and has read its own storage.
  async hold(ids, bodyOf) {
    for (const id of ids) {
      const handle = this.#repo.import(bodyOf(id), { docId: id });
      handle.doneLoading();
      this.#handles.set(id, handle);
    }
  }

  disconnect() {
    this.#adapter.disconnect();
  }

  // Until the server has announced, since then and for every document, exactly the heads that are here.
  reconnect() {
    const done = this.#upToDate();
    if (this.#attached) this.#adapter.connect(this.#repo.peerId, { isEphemeral: true });
    else this.#attach();
    return done;
  }

  edit(id, edit) {
    this.#handles.get(id).change((document) => apply(document, edit));
  }

  usable(id) {
    const { champs, transmissions } = this.#handles.get(id).doc();
    const read = champs[fieldName(0)].val.length > 0;
    return read && Object.keys(champs).length === FIELDS && Object.keys(transmissions).length >= TRANSMISSIONS;
  }

  has(id, edit) {
    const { champs, transmissions } = this.#handles.get(id).doc();
    if (edit.kind === 'field') return champs[edit.field]?.val === edit.value;
    return transmissions[edit.id]?.texte?.val === edit.texte;
  }

  onChange(id, callback) {
    this.#handles.get(id).on('change', callback);
  }

  stayLive() {} // it is, once connected

  #attach() {
    this.#attached = true;
    this.#repo.networkSubsystem.addNetworkAdapter(this.#adapter);
  }

  #upToDate() {
    const { synchronizer } = this.#repo;
    const left = new Set(this.#handles.keys());
    return new Promise((resolve) => {
      const look = ({ documentId, syncState: { theirHeads } }) => {
        if (!theirHeads || !left.has(documentId)) return;
        const heads = A.getHeads(this.#handles.get(documentId).doc());
        if (heads.length !== theirHeads.length || !heads.every((head) => theirHeads.includes(head))) return;
        left.delete(documentId);
        if (left.size > 0) return;
        synchronizer.off('sync-state', look);
        resolve();
      };
      synchronizer.on('sync-state', look);
    });
  }
}
