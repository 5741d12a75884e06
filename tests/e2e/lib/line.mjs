// A line between one device and the relay that can really be cut: a TCP proxy on a port of its own.
import net from 'node:net';

export class Line {
  #server;
  #sockets = new Set();
  #up = true;
  // Bytes from the device after which the line breaks; 0: it holds.
  #breaksAfter = 0;
  #carried = 0;
  // What is held back: answers to requests for this, after so many bytes of them.
  #held = null;
  #waiting = new Set();
  // How often it broke by itself.
  breaks = 0;

  static async to(relayPort) {
    const line = new Line();
    line.relayPort = relayPort;
    line.#server = net.createServer((client) => line.#join(client));
    await new Promise((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    line.port = line.#server.address().port;
    return line;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  #join(client) {
    if (!this.#up) {
      client.destroy();
      return;
    }
    const relay = net.connect(this.relayPort, '127.0.0.1');
    for (const socket of [client, relay]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        relay.destroy();
      });
    }
    let answer = null;
    client.on('data', (bytes) => {
      this.#count(bytes);
      const asked = /^GET (\S+)/.exec(bytes.toString('latin1', 0, 300));
      if (asked) answer = this.#held?.asked.test(asked[1]) ? { carried: 0 } : null;
    });
    client.pipe(relay);
    relay.on('data', (bytes) => {
      const room = answer && this.#held ? Math.max(0, this.#held.after - answer.carried) : bytes.length;
      const part = bytes.subarray(0, room);
      client.write(part);
      if (answer) answer.carried += part.length;
      if (part.length === bytes.length) return;
      // What stands still is read again when it goes on.
      relay.pause();
      relay.unshift(bytes.subarray(room));
      this.#waiting.add(relay);
    });
    relay.on('end', () => client.end());
  }

  #count(bytes) {
    this.#carried += bytes.length;
    if (this.#breaksAfter === 0 || this.#carried < this.#breaksAfter) return;
    this.#carried = 0;
    this.breaks += 1;
    for (const socket of this.#sockets) socket.destroy();
  }

  // From now on every open connection breaks each time the device has sent so many bytes; new ones get through at once.
  breakAfter(bytes) {
    this.#breaksAfter = bytes;
    this.#carried = 0;
  }

  #goOn() {
    for (const relay of this.#waiting) relay.resume();
    this.#waiting.clear();
  }

  // Answers to requests whose address is like this stand still after so many bytes, until they are let go, or held
  // after more of them.
  hold(asked, after) {
    this.#held = { asked, after };
    this.#goOn();
  }

  letGo() {
    this.#held = null;
    this.#goOn();
  }

  // Every open connection breaks at once, and no new one gets through.
  cut() {
    this.#up = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#up = true;
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
