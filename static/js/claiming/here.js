/* "Here: 1:05" beside each player and each document of the viewer: where to look of the criterion that was ticked or
   written at last. Without this script one types it. */

import { button, element } from "../dom.js";

const says = element("p", { className: "here-says quiet", role: "status" });
/** @type {HTMLInputElement | null} */
let asked = null;

/** The field that asks where to look, of what was ticked or written at last. @param {Event} event */
function note(event) {
  const target = /** @type {Element} */ (event.target);
  const field = /** @type {HTMLInputElement | null | undefined} */ (
    target.closest(".claim-line")?.querySelector('input[name^="where-"]')
  );
  const isTicked = !(target instanceof HTMLInputElement && target.type === "checkbox") || target.checked;
  if (field && isTicked) asked = field;
}

/**
 * Writes a place, behind what stands there already. A place that stands there stays as it is.
 * @param {string} place
 */
function fill(place) {
  if (!asked?.closest(".claim-line")?.querySelector("[name=claimed]:checked")) {
    says.textContent = "Tick what it shows first.";
    return;
  }
  const before = asked.value.trim();
  if (!before.split(", ").includes(place)) asked.value = before ? `${before}, ${place}` : place;
  const name = asked.labels?.[0].querySelector(".visually-hidden")?.textContent ?? "";
  says.textContent = `${place}: where to look${name}.`;
}

/** A moment as people write it: "1:05", "1:02:03". @param {number} time seconds */
function clock(time) {
  const seconds = Math.floor(time);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * The place in a file, with which of several it is: "file 2, 1:05".
 * @param {Element} file
 * @param {string} place
 */
function inFile(file, place) {
  const several = document.querySelectorAll(".viewed").length > 1;
  return several ? `${file.id.replace("file-", "file ")}, ${place}` : place;
}

/**
 * Puts the button over a file, where there is room for it from the beginning.
 * @param {Element} file
 * @param {() => string} place where one is now
 */
function offer(file, place) {
  const here = button("", () => fill(inFile(file, place())));
  const tell = () => {
    here.textContent = `Here: ${place()}`;
  };
  tell();
  file.querySelector(".here")?.append(here);
  return tell;
}

for (const player of /** @type {NodeListOf<HTMLMediaElement>} */ (document.querySelectorAll(".viewed :is(audio, video)"))) {
  const tell = offer(/** @type {Element} */ (player.closest(".viewed")), () => clock(player.currentTime));
  for (const kind of ["timeupdate", "seeked"]) player.addEventListener(kind, tell);
}
for (const pages of document.querySelectorAll(".drawn-pages")) {
  const numbered = [...pages.querySelectorAll("li[id]")];
  const top = () => pages.getBoundingClientRect().top + pages.clientHeight / 2;
  const at = () => numbered.filter((page) => page.getBoundingClientRect().top <= top()).pop() ?? numbered[0];
  const tell = offer(/** @type {Element} */ (pages.closest(".viewed")), () => `page ${at().id.split("-page-")[1]}`);
  pages.addEventListener("scroll", tell, { passive: true });
}
document.querySelector(".claims-look")?.append(says);
document.addEventListener("change", note);
document.addEventListener("focusin", (event) => {
  if (/** @type {Element} */ (event.target).matches('[name^="where-"]')) note(event);
});
