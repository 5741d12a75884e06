// A real relay in a process of its own, on a demo agency, that can be killed and started again.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export const PASSWORD = 'demo-liaison-2026';

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Relay {
  // `patience`: seconds it may take to start, which is when it makes up its agency.
  static async start({ dossiers = 12, seed = 7, dist = process.env.LIAISON_DIST, patience = 30 } = {}) {
    const relay = new Relay();
    relay.patience = patience;
    relay.dist = dist;
    relay.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-e2e-'));
    relay.port = await freePort();
    relay.options = ['--dossiers', String(dossiers), '--seed', String(seed)];
    await relay.run();
    return relay;
  }

  get store() {
    return `sqlite:${path.join(this.folder, 'relay.db')}`;
  }

  async run() {
    const binary = process.env.LIAISON_SERVER;
    const listen = `127.0.0.1:${this.port}`;
    const args = ['demo', ...this.options, '--listen', listen, '--store', this.store, '--static', this.dist];
    const log = fs.openSync(path.join(this.folder, 'relay.log'), 'a');
    this.process = spawn(binary, args, { stdio: ['ignore', log, log] });
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.ended = ended;
    for (let tries = 0; tries < 10 * this.patience; tries += 1) {
      if (this.process.exitCode !== null) break;
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the relay did not start:\n${fs.readFileSync(path.join(this.folder, 'relay.log'), 'utf8')}`);
  }

  // One command of the relay's own command line on its store.
  async command(args, input = '') {
    const child = spawn(process.env.LIAISON_SERVER, [...args, '--store', this.store], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.stdin.end(input);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`liaison-server ${args.join(' ')}: ${output}`);
    return output;
  }

  // No warning, no last words.
  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
