/* Opens a page when there is no connection, as `offline.js` has kept it: that for adding evidence, or for a record. It
   serves the one page of its address, for whatever the address asks, and the style sheets, scripts, fonts and pictures of
   it; it keeps nothing itself, and what is sent it never sees.

   To be rid of it, a release lets it call `registration.unregister()` when it is installed, and nothing else. */

(() => {
  const worker = /** @type {any} */ (self);
  const PATIENCE = 10_000; // milliseconds without an answer, after which the kept page is as good
  const PARTS = ["style", "script", "font", "image"];

  /** @param {Request} request */
  async function answered(request) {
    const kept = async () =>
      (await caches.match(request, { ignoreVary: true })) ?? caches.match(request, { ignoreSearch: true, ignoreVary: true });
    const coming = fetch(request);
    const late = new Promise((wait) => setTimeout(wait, PATIENCE)).then(async () => (await kept()) ?? coming);
    late.catch(() => {});
    try {
      return await Promise.race([coming, late]);
    } catch {
      return (await kept()) ?? Response.error();
    }
  }

  worker.addEventListener("install", () => worker.skipWaiting());
  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { method, mode, destination, url } = event.request;
    const isThePage = mode === "navigate" && new URL(url).pathname === new URL(worker.registration.scope).pathname;
    if (method === "GET" && (isThePage || PARTS.includes(destination))) event.respondWith(answered(event.request));
  });
})();
