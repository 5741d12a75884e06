// Gives automerge's WebAssembly memory its room at once. To be imported before automerge.
//
// A WebAssembly memory that grows gets a new ArrayBuffer each time. Once it is larger than 64 MB (some 700 dossiers), each of
// these makes V8 (of Node 20) collect garbage: a document then costs ten times as much to load. So the allocator
// asks for all of it before there is anything to collect, and gives it back to itself; pages nobody has written take no memory.
const ROOM = 1 << 30;
const { Instance } = WebAssembly;

WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    const { __wbindgen_malloc: take, __wbindgen_free: giveBack } = this.exports;
    if (take) giveBack(take(ROOM, 1), ROOM, 1);
  }
};
