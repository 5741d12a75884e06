// Clocks and counters: time, TCP payload of this process, CPU and memory of a process. Reads /proc, so Linux only.
import fs from 'node:fs';
import net from 'node:net';

// Milliseconds of a clock that every process of the machine shares.
export const now = () => Number(process.hrtime.bigint()) / 1e6;

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Calls `work` with each item, at most `atOnce` at a time.
export async function inTurn(items, atOnce, work) {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

// Bytes of every connection this process opens: WebSocket frames, HTTP headers and all.
const open = new Set();
const closed = { in: 0, out: 0 };
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function counted(...given) {
  if (!open.has(this)) {
    open.add(this);
    this.once('close', () => {
      closed.in += this.bytesRead;
      closed.out += this.bytesWritten;
      open.delete(this);
    });
  }
  return connect.apply(this, given);
};

function wire() {
  const total = { ...closed };
  for (const socket of open) {
    total.in += socket.bytesRead;
    total.out += socket.bytesWritten;
  }
  return total;
}

// What a client process spends from now on: call the result to read it.
export function clientMeter() {
  const wireBefore = wire();
  const cpuBefore = process.cpuUsage();
  const begin = now();
  return () => {
    const wireAfter = wire();
    const cpu = process.cpuUsage(cpuBefore);
    return {
      begin,
      end: now(),
      in: wireAfter.in - wireBefore.in,
      out: wireAfter.out - wireBefore.out,
      cpu: (cpu.user + cpu.system) / 1e6,
    };
  };
}

// Seconds of CPU a process has used, in steps of 10 ms.
export function cpuSeconds(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// What a server process spends from now on, its highest memory among it: call the result to read it.
export function serverMeter(pid) {
  fs.writeFileSync(`/proc/${pid}/clear_refs`, '5'); // the highest so far is forgotten
  const before = cpuSeconds(pid);
  return () => {
    const peak = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
    return { server_cpu_s: cpuSeconds(pid) - before, server_peak_rss_mb: (Number(peak) * 1024) / 1e6 };
  };
}
