// A client of Hocuspocus: one Y.Doc and one provider a dossier, all providers on one socket.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { FIELDS, TRANSMISSIONS, fieldName } from '../lib/content.mjs';

export function apply(document, edit) {
  document.transact(() => {
    if (edit.kind === 'field') document.getMap('champs').set(edit.field, edit.value);
    else {
      const { auteur, date, texte } = edit;
      document.getMap('transmissions').set(edit.id, new Y.Map(Object.entries({ auteur, date, texte })));
    }
  });
}

export const createClient = (options) => new Client(options);

class Client {
  #socket;
  #providers = new Map();
  cuts = 0;

  constructor({ port }) {
    const url = `ws://127.0.0.1:${port}`;
    this.#socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket, autoConnect: false });
  }

  open(ids) {
    for (const id of ids) this.#provide(id);
    return this.reconnect();
  }

  // As an application that was started anew and has read its own storage.
  async hold(ids, bodyOf) {
    for (const id of ids) Y.applyUpdate(this.#provide(id).document, bodyOf(id), 'storage');
  }

  // Providers are detached while offline: else what is written meanwhile is sent twice (as updates that waited, and in the
  // handshake), and the first answer makes a provider believe that all its changes have arrived.
  async disconnect() {
    for (const provider of this.#providers.values()) provider.detach();
    const done = new Promise((resolve) => this.#once('disconnect', resolve));
    this.#socket.disconnect();
    await done;
  }

  // Until the server has sent what was missing here and has said of every document that it took what is from here.
  reconnect() {
    const providers = [...this.#providers.values()];
    const done = Promise.all(providers.map(upToDate));
    for (const provider of providers) provider.attach();
    this.#socket.connect();
    return done;
  }

  edit(id, edit) {
    apply(this.#document(id), edit);
  }

  usable(id) {
    const fields = this.#document(id).getMap('champs');
    const read = fields.get(fieldName(0)).length > 0;
    return read && fields.size === FIELDS && this.#document(id).getMap('transmissions').size >= TRANSMISSIONS;
  }

  has(id, edit) {
    if (edit.kind === 'field') return this.#document(id).getMap('champs').get(edit.field) === edit.value;
    return this.#document(id).getMap('transmissions').get(edit.id)?.get('texte') === edit.texte;
  }

  onChange(id, callback) {
    this.#document(id).on('update', callback);
  }

  stayLive() {} // it is, once connected

  #document(id) {
    return this.#providers.get(id).document;
  }

  #provide(id) {
    // One awareness (who is here) a socket, as the documentation asks, none on the other documents.
    const awareness = this.#providers.size > 0 ? { awareness: null } : {};
    const provider = new HocuspocusProvider({
      websocketProvider: this.#socket,
      name: id,
      document: new Y.Doc(),
      ...awareness,
    });
    this.#providers.set(id, provider);
    return provider;
  }

  #once(event, callback) {
    const heard = () => {
      this.#socket.off(event, heard);
      callback();
    };
    this.#socket.on(event, heard);
  }
}

// `synced`: what the server had is here. `unsyncedChanges`, raised when a handshake begins: nothing is left to confirm.
function upToDate(provider) {
  provider.synced = false;
  return new Promise((resolve) => {
    const look = () => {
      if (!provider.synced || provider.hasUnsyncedChanges) return;
      provider.off('synced', look);
      provider.off('unsyncedChanges', look);
      resolve();
    };
    provider.on('synced', look);
    provider.on('unsyncedChanges', look);
  });
}
