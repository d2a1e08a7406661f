/* Takes away the page that opens without a connection (`offline.js`) when its person signs out, or is not the one who is
   signed in. Files and words that wait on the device stay: they are shown to their own person alone. */

(() => {
  const { of: own } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;

  /** @param {string | undefined} whose */
  async function keepOnly(whose) {
    for (const name of (await globalThis.caches?.keys()) ?? [])
      if (name.startsWith("offline ") && !(whose && name.startsWith(`offline ${whose} `))) await caches.delete(name);
  }

  keepOnly(own).catch(() => {}); // a browser that keeps nothing
  addEventListener("submit", ({ target }) => {
    if (target instanceof HTMLFormElement && target.dataset.signsOut !== undefined) keepOnly("").catch(() => {});
  });
})();
