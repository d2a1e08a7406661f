/* Sends files from the moment they are chosen, each by itself, while the form around them is filled in. Without this
   script they go with the form. */

import { element, find } from "../dom.js";
import { FileLine } from "./file_line.js";
import { fillIn } from "./form.js";
import { askOfPeople } from "./people.js";

const AT_ONCE = 2;

const input = find("input[data-arriving]", HTMLInputElement);
const form = /** @type {HTMLFormElement} */ (input.form);
const list = element("ul", { className: "arriving" });
const told = element("p", { className: "arriving-told alert alert-info" });
const { arriving: address = "", person = "", limit = "0", limitInWords = "" } = input.dataset;
/** @type {((line: FileLine) => void)[]} */
const followers = [];
/** @type {FileLine[]} */
let lines = [];
/** @type {HTMLElement | null} */
let pressed = null; // the button that waits for the files

told.setAttribute("role", "status");
list.setAttribute("aria-label", "Files that you have chosen");
input.after(list);

const isOnItsWay = (/** @type {FileLine} */ line) => ["waits", "goes", "paused", "away", "stopped"].includes(line.state);

/** @param {File} one @param {File} other */
const isSame = (one, other) =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

/** @param {FileLine} [line] */
function changed(line) {
  if (line) followers.forEach((told) => told(line));
  lines = lines.filter((line) => line.line.isConnected);
  form.querySelectorAll("input[data-arrived]").forEach((one) => one.remove());
  for (const { kept } of lines)
    if (kept) {
      const field = element("input", { type: "hidden", name: "kept", value: kept });
      field.dataset.arrived = "";
      form.append(field);
    }
  if (pressed) sendWhenAllAreHere();
  // The one that starts is a change as well, and then the next one has its turn.
  if (lines.filter((line) => line.state === "goes").length < AT_ONCE) lines.find((one) => one.state === "waits")?.start();
}

function sendWhenAllAreHere() {
  const button = pressed;
  const still = lines.filter(isOnItsWay).length;
  if (still) {
    told.textContent = `${still === 1 ? "A file is" : `${still} files are`} still on the way. It is saved by itself when ${still === 1 ? "it is" : "they are"} here.`;
    form.querySelector(".form-actions")?.before(told);
    return;
  }
  pressed = null;
  told.remove();
  if (lines.every((line) => line.state === "here")) form.requestSubmit(button);
}

/**
 * Calls for each file that is chosen, and whenever the state of one is another.
 * @param {(line: FileLine) => void} told
 */
export const follow = (told) => followers.push(told);

/**
 * Sends these files, and fills in what the first of them tells.
 * @param {Iterable<File>} files
 */
export function take(files) {
  const token = find("[name=csrfmiddlewaretoken]", HTMLInputElement, form);
  const isOld = form.dataset.offline !== undefined;
  const site = { address, person, token, isOld, limit: Number(limit), limitInWords };
  const chosen = [...files];
  if (chosen[0]) fillIn(form, chosen[0], list);
  askOfPeople(form, chosen);
  for (const file of chosen) {
    const here = lines.find((line) => line.state !== "refused" && isSame(line.file, file));
    if (here) {
      // It came back by itself, or is chosen twice: one line for one file.
      if (["paused", "stopped"].includes(here.state)) here.start();
      continue;
    }
    /** @type {FileLine | null} */
    let made = null;
    made = new FileLine(file, site, (line) => made && changed(line));
    lines.push(made);
    list.append(made.line);
    followers.forEach((told) => told(/** @type {FileLine} */ (made)));
  }
  changed();
}

input.addEventListener("change", () => {
  take(input.files ?? []);
  input.value = ""; // they go by themselves, and the same one can be chosen again
});

// What is recorded in the page goes the same way.
input.addEventListener("recorded", (event) => take([/** @type {CustomEvent<File>} */ (event).detail]));

form.addEventListener("submit", (event) => {
  if (!lines.some(isOnItsWay)) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // nothing was sent yet, whoever else asks
  pressed = event.submitter;
  sendWhenAllAreHere();
});

addEventListener("beforeunload", (event) => {
  if (lines.some((line) => isOnItsWay(line) && !line.isCopied)) event.preventDefault();
});
