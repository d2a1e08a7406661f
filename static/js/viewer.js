/* Makes the viewer (portfolio/files/_viewer.html) handier: places seek and scroll, a preview that is being prepared
   comes by itself, and a recording or film that the browser cannot play says so. Without it links lead to the same
   places. */

const PLAYER = ".viewed :is(audio, video)";

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-seek], a[data-page]"));
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!place) return;
  event.preventDefault();
  if (link.dataset.seek === undefined) showPage(place);
  else play(place, Number(link.dataset.seek));
});

/** @param {HTMLElement} page */
function showPage(page) {
  history.replaceState(null, "", `#${page.id}`);
  page.scrollIntoView({ block: "start" });
  page.focus({ preventScroll: true });
}

/** @param {HTMLElement} file @param {number} seconds */
function play(file, seconds) {
  const player = /** @type {HTMLMediaElement | null} */ (file.querySelector("audio, video"));
  if (!player) return file.scrollIntoView();
  const seek = () => {
    player.currentTime = Math.min(seconds, player.duration || seconds);
  };
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) seek();
  else player.addEventListener("loadedmetadata", seek, { once: true });
  file.scrollIntoView({ block: "nearest" });
  player.focus({ preventScroll: true });
  player.play().catch(() => {}); // a browser may ask for a second press
  return undefined;
}

/**
 * Says that a player cannot play, and asks for the copy that is being made instead.
 * @param {Element} player
 * @param {"all" | "picture"} what
 */
function unplayable(player, what) {
  const note = /** @type {HTMLElement | null | undefined} */ (player.closest(".viewed")?.querySelector("[data-unplayable]"));
  if (!note) return;
  const words = /** @type {HTMLElement | null} */ (note.querySelector(`[data-unplayable-${what}]`));
  if (words) words.hidden = false;
  const awaited = /** @type {HTMLElement | null} */ (note.querySelector("[data-viewer]"));
  if (awaited && note.hidden) lookAgain(awaited, 1000);
  note.hidden = false;
}

/** A film in an encoding that the browser does not know plays its sound, and raises no error. @param {Element} player */
function seen(player) {
  if (player instanceof HTMLVideoElement && !player.videoWidth) unplayable(player, "picture");
}

/**
 * Asks for the preview again, after a while each time.
 * @param {HTMLElement} note stands in its place
 * @param {number} wait milliseconds
 * @returns {Promise<void>}
 */
async function lookAgain(note, wait) {
  await new Promise((resolve) => setTimeout(resolve, wait));
  try {
    const answer = await fetch(note.dataset.viewer ?? "", { redirect: "error" });
    if (!answer.ok) return; // the link stays, and says more when it is followed
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".viewed");
    if (fresh && !fresh.querySelector("[data-viewer]")) {
      note.closest(".viewed")?.replaceWith(fresh);
      return;
    }
  } catch {
    // no connection just now
  }
  if (wait < 600000) lookAgain(note, wait * 1.5);
}

// Errors do not bubble: they are caught on the way down.
document.addEventListener(
  "error",
  (event) => {
    if (event.target instanceof Element && event.target.matches(PLAYER)) unplayable(event.target, "all");
  },
  true,
);
document.addEventListener(
  "loadeddata",
  (event) => {
    if (event.target instanceof Element && event.target.matches(PLAYER)) seen(event.target);
  },
  true,
);

// A copy of a film is asked for only where the film does not play: whoever looks at it is not interrupted.
const notes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".viewed > [data-viewer]"));
const players = /** @type {NodeListOf<HTMLMediaElement>} */ (document.querySelectorAll(PLAYER));
for (const note of notes) lookAgain(note, 1000);
for (const player of players) {
  if (player.error) unplayable(player, "all");
  else if (player.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) seen(player);
}
