// What the bench puts into a page before the application, and how it reads it back.

// A processor a quarter as fast as this machine's.
export const SLOWDOWN = 4;

export async function slowDown(device) {
  const cdp = await device.context.newCDPSession(device.page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  return cdp;
}

export async function instrument(device) {
  await device.context.addInitScript(observe);
}

// Runs in the page: notes when the form and the list could first be used, and how each edit reached the disk.
function observe() {
  const bench = { marks: {}, saves: [] };
  window.bench = bench;
  const wanted = { form: '#email', code: '#code', list: '.list .list__row' };
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (name in bench.marks || !document.querySelector(selector)) continue;
      bench.marks[name] = null;
      // Drawn, and the page is free to answer again.
      requestAnimationFrame(() => setTimeout(() => (bench.marks[name] = performance.now())));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });

  let input = 0;
  document.addEventListener('input', () => (input = performance.now()), true);
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function transaction(...given) {
    const [stores, mode] = given;
    const opened = begin.apply(this, given);
    if (mode === 'readwrite' && [stores].flat().includes('changes')) {
      const save = { input, begun: performance.now(), durability: opened.durability };
      opened.addEventListener('complete', () => bench.saves.push({ ...save, complete: performance.now() }));
    }
    return opened;
  };
}

// Milliseconds from the start of the navigation to a mark.
export async function mark(device, name) {
  const found = await device.page.waitForFunction((name) => window.bench?.marks[name], name, { timeout: 60_000 });
  return found.jsonValue();
}

// Nothing of the application is left but what it keeps: also not the key, which the service worker lends to the next page.
export async function withoutCaches(device, cdp) {
  await device.page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  // The worker is gone once no page of it is left.
  await device.page.goto('about:blank');
  await cdp.send('Network.clearBrowserCache');
}

// The value below which so many percent of the sample lie (nearest rank).
export function percentile(sample, percent) {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

export const median = (sample) => percentile(sample, 50);
