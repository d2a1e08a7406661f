/* Tells the server which files of the viewer the person has had in front of them: what is drawn, once it was on the
   screen for a moment; sound and film, once they play; whatever is downloaded or opened in a tab of its own. The
   signing page shows it. A candidate's own pages do without this script. */

const LOOKS_EVERY = 1000; // milliseconds: what is there at two looks was not only scrolled past

const token = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
/** @type {Set<string>} */
const told = new Set();
/** @type {Set<string>} */
let wereThere = new Set();

/** @param {Element | null} file an element of the viewer */
async function tell(file) {
  const address = addressOf(file);
  if (!address || told.has(address)) return;
  told.add(address);
  try {
    const headers = { "X-CSRFToken": token?.value ?? "" };
    const answer = await fetch(address, { method: "POST", headers, keepalive: true, redirect: "error" });
    if (!answer.ok) told.delete(address);
  } catch {
    told.delete(address); // no connection just now: it is told at a later look
  }
}

/** @param {Element | null} file */
function addressOf(file) {
  return /** @type {HTMLElement | null} */ (file?.closest("[data-opened]") ?? null)?.dataset.opened ?? "";
}

/** @param {Element} shown */
function isOnScreen(shown) {
  if (shown instanceof HTMLImageElement && !(shown.complete && shown.naturalWidth)) return false;
  const box = shown.getBoundingClientRect();
  return box.height > 0 && box.top < innerHeight - 40 && box.bottom > 40;
}

setInterval(() => {
  if (document.visibilityState !== "visible") return;
  const shown = [...document.querySelectorAll(".viewed :is(img, .read)")].filter(isOnScreen);
  for (const one of shown) if (wereThere.has(addressOf(one))) tell(one);
  wereThere = new Set(shown.map(addressOf));
}, LOOKS_EVERY);

// Playing does not bubble: it is caught on the way down.
document.addEventListener("play", (event) => tell(/** @type {Element} */ (event.target)), true);
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest(".viewed a");
  if (link instanceof HTMLAnchorElement && link.pathname !== location.pathname) tell(link);
});
