// The server of automerge-repo, set up as @automerge/automerge-repo-sync-server does it, on the current automerge-repo.
// Arguments: folder, port.
import './room.mjs';
import os from 'node:os';
import express from 'express';
import { WebSocketServer } from 'ws';
import { Repo } from '@automerge/automerge-repo';
import { NodeWSServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { answer } from '../lib/answering.mjs';
import { Writes } from '../lib/writes.mjs';

const [, , folder, port] = process.argv;
// Instead of 5 s: a server that is busy for longer cuts its own clients, as it does not come to read their pongs.
const KEEP_ALIVE = 60_000;
const writes = new Writes();

class WatchedStorage extends NodeFSStorageAdapter {
  async save(key, bytes) {
    writes.begin();
    try {
      await super.save(key, bytes);
    } finally {
      writes.end();
    }
  }
}

const sockets = new WebSocketServer({ noServer: true });
new Repo({
  network: [new NodeWSServerAdapter(sockets, KEEP_ALIVE)],
  storage: new WatchedStorage(folder),
  peerId: `storage-server-${os.hostname()}`,
  sharePolicy: async () => false, // a document is sent to those who ask for it
});
const server = express().listen(Number(port), '127.0.0.1', () => answer({ writes: () => writes.state() }));
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (line) => sockets.emit('connection', line, request)),
);
