// A relay that has just made up an agency makes what lists show in its own time.
import { PASSWORD } from './relay.mjs';

// How many summaries a stream begins with: SPEC.md, BOOT-1.
function summaries(stream) {
  const view = new DataView(stream);
  let count = 0;
  for (let at = 0; at < stream.byteLength; at += 4 + view.getUint32(at)) {
    const item = new Uint8Array(stream, at + 4, view.getUint32(at));
    if (item[1] > 1) break;
    // [1, { 0: [ …: an array's length is in its first byte, or in the one or two that follow.
    const length = item[4] & 0x1f;
    if (item[1] === 1) count += length < 24 ? length : length === 24 ? item[5] : item[5] * 256 + item[6];
  }
  return count;
}

// Waits until it has made it of so many dossiers.
export async function listMade(relay, dossiers) {
  const url = `http://127.0.0.1:${relay.port}/api`;
  const body = { email: 'paul.bernard@liaison.demo', password: PASSWORD, device: { id: null, name: 'Essai' } };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/login`, { method: 'POST', headers, body: JSON.stringify(body) });
  const authorization = `Bearer ${(await answer.json()).token}`;
  for (let made = 0; made < dossiers; ) {
    const stream = await fetch(`${url}/bootstrap`, { headers: { authorization } });
    made = summaries(await stream.arrayBuffer());
    await new Promise((resolve) => setTimeout(resolve, Math.max(200, dossiers / 4)));
  }
}
