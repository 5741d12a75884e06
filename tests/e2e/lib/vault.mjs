// What is stored in a browser, as it is on the disk: keys can be read, values are sealed.

// The keys of a store, over all vaults of this browser.
export const keysOf = (page, store) =>
  page.evaluate(async (store) => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const vaults = (await indexedDB.databases()).filter(({ name }) => name.startsWith('liaison-vault-'));
    const found = [];
    for (const { name } of vaults) {
      const database = await done(indexedDB.open(name));
      found.push(...(await done(database.transaction(store).objectStore(store).getAllKeys())));
      database.close();
    }
    return found;
  }, store);
