// The service worker: keeps one complete build of the application on the device, so that it opens
// without a network. A template: `cargo xtask hook post` fills in the three constants below.
// Never replaces a running version by itself: the page asks for it with { type: 'ACTIVATE' }, when no form is open.
// Never sees a user's data (that is in IndexedDB, sealed). Holds the key of the vault that is open, in memory only, so
// that a reload does not ask for the code: it must never be put into a cache or a database.

const VERSION = '__VERSION__';
const PRECACHE = __PRECACHE__; // [{ url, hash: first 16 hex digits of the content's SHA-256 }]
const CHUNKS = __CHUNKS__; // the same, for code that a first visit does not wait for

const CACHE = `liaison-${VERSION}`;
const OURS = /^liaison-[0-9a-f]{16}$/;
const HASHES = '/.liaison-hashes'; // not an address: where a complete cache keeps its { url: hash }
const FILES = [...PRECACHE, ...CHUNKS];
const ADDRESSES = new Set(FILES.map(({ url }) => url));
const RELAY = /^\/(api|sync|healthz|metrics)(\/|$)/; // always the relay itself, never a cache

// All or nothing: a cache is either complete and of one build, or it does not exist. On a first visit the chunks come
// after it; of an update they are a part, so that a version that is offered also works whole without a network.
async function install() {
  const older = await olderCaches();
  const cache = await caches.open(CACHE);
  try {
    // All are waited for, also when one fails: nothing may be put into a cache that is being taken away.
    const wanted = older.length > 0 ? FILES : PRECACHE;
    const parts = await Promise.allSettled(wanted.map(async ({ url, hash }) => {
      await cache.put(url, (await reuse(older, url, hash)) ?? (await download(url, hash)));
    }));
    const failed = parts.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const hashes = Object.fromEntries(FILES.map(({ url, hash }) => [url, hash]));
    await cache.put(HASHES, new Response(JSON.stringify(hashes)));
  } catch (cause) {
    await caches.delete(CACHE);
    throw cause;
  }
}

async function olderCaches() {
  const names = (await caches.keys()).filter((name) => OURS.test(name));
  const opened = await Promise.all(names.map(async (name) => {
    const cache = await caches.open(name);
    const hashes = await cache.match(HASHES);
    return hashes && { cache, hashes: await hashes.json() };
  }));
  return opened.filter(Boolean);
}

// Unchanged files are not fetched again: an update costs what changed.
async function reuse(older, url, hash) {
  const source = older.find(({ hashes }) => hashes[url] === hash);
  return source?.cache.match(url, { ignoreVary: true });
}

// What the page itself has just loaded is not sent a second time (no-cache: asked for again, usually unchanged).
// The content is checked: while relays are being replaced, one may still serve the previous build.
async function download(url, hash) {
  const response = await fetch(url, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const digest = await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer());
  const found = Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  if (found.join('') !== hash) throw new Error(`${url}: not the content of build ${VERSION}`);
  return response;
}

async function activate() {
  const old = (await caches.keys()).filter((name) => OURS.test(name) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The browser may have dropped the cache to gain space: the network is the second choice.
async function cached(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url, { ignoreVary: true })) ?? (await fetchChunk(cache, url)) ?? fetch(request);
}

// A chunk only fits the module it was cut from, hence the check of its content. Nothing for what is no chunk.
async function fetchChunk(cache, url) {
  const chunk = CHUNKS.find((file) => file.url === url);
  if (!chunk) return undefined;
  const response = await download(url, chunk.hash);
  await cache.put(url, response.clone());
  return response;
}

// What is missing after a failure is fetched when it is needed, or when the page asks again.
async function fetchChunks() {
  const cache = await caches.open(CACHE);
  for (const { url } of CHUNKS) {
    if (!(await cache.match(url, { ignoreVary: true }))) await fetchChunk(cache, url);
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || RELAY.test(pathname)) return;
  if (ADDRESSES.has(pathname)) event.respondWith(cached(pathname, request));
  else if (request.mode === 'navigate') event.respondWith(cached('/', request));
});

// { vault, key }: given again and again by the pages that are open, forgotten when one of them locks, and when the
// browser stops this worker, which it does 30 s after the last page has gone.
let open = null;

self.addEventListener('message', (event) => {
  if (event.data?.type === 'ACTIVATE') event.waitUntil(self.skipWaiting());
  if (event.data?.type === 'CHUNKS') event.waitUntil(fetchChunks().catch(console.warn));
  if (event.data?.type === 'VERSION') (event.ports[0] ?? event.source)?.postMessage({ type: 'VERSION', version: VERSION });
  if (event.data?.type === 'KEY') open = { vault: event.data.vault, key: event.data.key };
  if (event.data?.type === 'KEY?') event.ports[0]?.postMessage(open?.vault === event.data.vault ? open.key : null);
  if (event.data?.type === 'FORGET') open = null;
});
