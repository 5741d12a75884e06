// The processes a run starts: each is asked over IPC, with a limit, and ended by its id.
import { fork } from 'node:child_process';
import net from 'node:net';

const running = new Set();
const KEPT_OUTPUT = 4000;
const START_LIMIT = 60; // seconds

export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// `work`, or an error after so many seconds.
export async function within(seconds, what, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class Child {
  #asked = new Map();
  #number = 0;
  #output = '';

  // In a folder of the run: a peer may write into the current one.
  constructor(name, file, args, folder) {
    this.name = name;
    this.process = fork(file, args.map(String), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    running.add(this);
    this.ended = new Promise((resolve) => this.process.once('exit', resolve)).then(() => this.#end());
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (text) => (this.#output = (this.#output + text).slice(-KEPT_OUTPUT)));
    }
    this.process.on('message', (message) => this.#take(message));
  }

  static async start(name, file, args, folder) {
    const child = new Child(name, file, args, folder);
    const ready = new Promise((resolve, reject) => child.#asked.set('ready', { resolve, reject }));
    await within(START_LIMIT, `${name} starts`, ready);
    return child;
  }

  // A process that does one thing, without being asked.
  static async toTheEnd(name, file, args, folder, seconds) {
    const child = new Child(name, file, args, folder);
    await within(seconds, name, child.ended);
    if (child.process.exitCode !== 0) throw new Error(`${name} failed: ${child.lastWords}`);
  }

  get pid() {
    return this.process.pid;
  }

  ask(command, argument, seconds) {
    const id = (this.#number += 1);
    const answer = new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    this.process.send({ id, command, argument }, () => {}); // a failure to send is an end, which #end tells
    return within(seconds, `${this.name} ${command}`, answer);
  }

  get lastWords() {
    return this.#output.trim().split('\n').slice(-8).join(' | ');
  }

  // No warning, no last words.
  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  #take({ ready, id, result, error }) {
    const key = ready ? 'ready' : id;
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(`${this.name}: ${error}`));
  }

  #end() {
    running.delete(this);
    for (const { reject } of this.#asked.values()) reject(new Error(`${this.name} ended: ${this.lastWords}`));
    this.#asked.clear();
  }
}

export async function endAll() {
  await Promise.all([...running].map((child) => child.kill()));
}
