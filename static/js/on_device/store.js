/* What is kept on this device until the site has it. Each entry has a key that begins with the person whose it is, and
   nobody asks for what begins with another. */

/** @typedef {string[]} Key a person, and what tells their entries apart, from the general to the particular */

const KEPT_FOR = 60 * 24 * 3_600_000; // milliseconds: sixty days
const ROOM_LEFT = 50 * 1024 * 1024; // bytes, for all else that the site keeps

/** Whether this browser keeps anything for the site. Without HTTPS it does not. */
export const canKeep = () => isSecureContext && "indexedDB" in globalThis && "locks" in navigator;

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @param {IDBTransactionMode} mode */
async function entries(mode) {
  if (!opened) {
    const opening = indexedDB.open("on_device", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("entries");
    opened = answered(opening);
  }
  return (await opened).transaction("entries", mode).objectStore("entries");
}

/**
 * Keeps a value with the moment; files are copied. Rejects where the device has no room.
 * @param {Key} key
 * @param {object} value
 */
export async function put(key, value) {
  const store = await entries("readwrite");
  store.put({ ...value, at: Date.now() }, key);
  return new Promise((done, refused) => {
    store.transaction.oncomplete = () => done(undefined);
    store.transaction.onabort = () => refused(store.transaction.error);
    store.transaction.commit(); // also when the page is left this very moment
  });
}

/**
 * Gives all whose keys begin like this, and forgets what is too old.
 * @param {Key} beginning
 * @returns {Promise<{ key: Key, value: any }[]>}
 */
export async function under(beginning) {
  const store = await entries("readwrite");
  const [keys, values] = await Promise.all([answered(store.getAllKeys(within(beginning))), answered(store.getAll(within(beginning)))]);
  const found = values.map((value, place) => ({ key: /** @type {Key} */ (keys[place]), value }));
  const isOld = (/** @type {{ value: any }} */ { value }) => Date.now() - value.at > KEPT_FOR;
  for (const { key } of found.filter(isOld)) store.delete(key);
  return found.filter((one) => !isOld(one));
}

/**
 * Forgets all whose keys begin like this.
 * @param {Key} beginning
 */
export async function remove(beginning) {
  const store = await entries("readwrite");
  store.delete(within(beginning));
  store.transaction.commit(); // as above
}

/**
 * Whether the device has room for a copy of so many bytes.
 * @param {number} bytes
 */
export async function hasRoom(bytes) {
  if (!navigator.storage?.estimate) return true; // an older browser refuses what does not fit
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return bytes + ROOM_LEFT < quota - usage;
}

/** @param {Key} beginning */
const within = (beginning) => IDBKeyRange.bound(beginning, [...beginning, []]);

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
