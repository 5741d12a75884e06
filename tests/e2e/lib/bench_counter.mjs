// Counts every byte between a device's line and the relay, whoever in the browser asked for it: the page, its service
// worker, its socket. Knows nothing of what they mean.
import net from 'node:net';

export class Counter {
  #server;
  #sockets = new Set();

  static async to(relayPort) {
    const counter = new Counter();
    counter.reset();
    counter.#server = net.createServer((device) => counter.#join(device, relayPort));
    await new Promise((resolve) => counter.#server.listen(0, '127.0.0.1', resolve));
    counter.port = counter.#server.address().port;
    return counter;
  }

  reset() {
    this.http = { sent: 0, received: 0 };
    this.socket = { sent: 0, received: 0 };
    this.last = performance.now();
  }

  #join(device, relayPort) {
    const relay = net.connect(relayPort, '127.0.0.1');
    for (const socket of [device, relay]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        device.destroy();
        relay.destroy();
      });
    }
    // Browsers open a connection for each WebSocket: its first request says what it is.
    let kind;
    device.on('data', (bytes) => {
      kind ??= bytes.toString('latin1', 0, 10).startsWith('GET /sync ') ? 'socket' : 'http';
      this.#count(kind, 'sent', bytes);
    });
    relay.on('data', (bytes) => this.#count(kind, 'received', bytes));
    device.pipe(relay);
    relay.pipe(device);
  }

  #count(kind, direction, bytes) {
    this[kind][direction] += bytes.length;
    this.last = performance.now();
  }

  // Until something has come from the relay and then nothing for so long.
  async quiet(milliseconds, most = 30_000) {
    const end = performance.now() + most;
    while (this.http.received + this.socket.received === 0 || performance.now() - this.last < milliseconds) {
      if (performance.now() > end) throw new Error('the line does not come to rest');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
