// What befalls a browser from outside: no space left, its database closed under it, killed without warning.
import fs from 'node:fs';
import path from 'node:path';

// The bytes this device's browser grants to the application; null lifts the limit.
export async function grantSpace(device, bytes) {
  if (device.limited !== device.context) {
    device.limited = device.context;
    device.limits = await device.context.newCDPSession(device.page);
  }
  const origin = device.line.url;
  await device.limits.send('Storage.overrideQuotaForOrigin', bytes === null ? { origin } : { origin, quotaSize: bytes });
}

// Run before the page: remembers its connections to the databases, so that a test can close them.
export function rememberConnections() {
  const open = IDBFactory.prototype.open;
  window.connections = [];
  IDBFactory.prototype.open = function remembered(...given) {
    const request = open.apply(this, given);
    request.addEventListener('success', () => window.connections.push(request.result));
    return request;
  };
}

// The process that owns this device's profile, and all its children, at once.
export async function killBrowser(device) {
  const mark = `--user-data-dir=${device.profile}`;
  const ids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(mark));
  if (ids.length === 0) throw new Error('the browser is not running');
  const gone = new Promise((resolve) => device.context.once('close', resolve));
  for (const id of ids) {
    try {
      process.kill(Number(id), 'SIGKILL');
    } catch {
      // A child that went with its parent.
    }
  }
  await gone;
  for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) {
    fs.rmSync(path.join(device.profile, lock), { force: true });
  }
}

function commandLine(id) {
  try {
    return fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
