// What is stored in a browser, as it is on the disk: keys can be read, values are sealed.

// What `work` answers of a store's objects, over all vaults of this browser.
const inVaults = (page, store, work, argument) =>
  page.evaluate(
    async ([store, work, argument]) => {
      const done = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
          request.onblocked = () => reject(new Error('blocked'));
        });
      const vaults = (await indexedDB.databases()).filter(({ name }) => name.startsWith('liaison-vault-'));
      const found = [];
      for (const { name } of vaults) {
        const database = await done(indexedDB.open(name));
        const mode = work === 'delete' ? 'readwrite' : 'readonly';
        const objects = database.transaction(store, mode).objectStore(store);
        found.push(await done(objects[work](argument)));
        database.close();
      }
      return found.flat();
    },
    [store, work, argument],
  );

// The keys of a store.
export const keysOf = (page, store) => inVaults(page, store, 'getAllKeys');

// Loses what is under a key.
export const lose = (page, store, key) => inVaults(page, store, 'delete', key);
