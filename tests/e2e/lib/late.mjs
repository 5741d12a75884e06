// A database that is slow where a test wants it to be.

// Run in the page: what is read in this way of a store, under keys that begin so, comes only when the test lets it.
export function readLate([way, store, beginning]) {
  const read = IDBObjectStore.prototype[way];
  const late = new WeakSet();
  const may = new Promise((resolve) => (window.letRead = resolve));
  window.waiting = 0;
  IDBObjectStore.prototype[way] = function kept(...given) {
    const request = read.apply(this, given);
    if (this.name === store && new RegExp(beginning).test(given[0]?.lower)) {
      late.add(request);
      window.waiting += 1;
    }
    return request;
  };
  const { set } = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
  Object.defineProperty(IDBRequest.prototype, 'onsuccess', {
    set(listener) {
      set.call(this, listener && (async (event) => {
        if (late.has(this)) await may;
        listener.call(this, event);
      }));
    },
  });
}
