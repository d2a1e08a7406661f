/* The files of which only a part is at the site, and of which this device has no copy: what can be done about each. */

import { button, find } from "../dom.js";
import { follow } from "./page.js";

const section = document.querySelector("[data-unfinished]");
const lines = /** @type {HTMLLIElement[]} */ ([...(section?.querySelectorAll("li") ?? [])]);

/* Where it was begun stands in this browser under what the file looks like (`fingerprint` in sending.js). */
const isBegunHere = (/** @type {string} */ address) => Object.values({ ...localStorage }).some((kept) => kept.includes(address));

function show() {
  if (section instanceof HTMLElement) section.hidden = !section.querySelector("li");
}

/** @param {HTMLLIElement} line */
async function throwAway(line) {
  const { address = "" } = line.dataset;
  const token = find("main [name=csrfmiddlewaretoken]", HTMLInputElement).value;
  const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
  const response = await fetch(address, { method: "DELETE", headers }).catch(() => null);
  if (response?.ok || response?.status === 404) line.remove();
  else line.append("It was not thrown away. Try again a little later.");
  show();
}

for (const line of lines) {
  const goesOn = isBegunHere(line.dataset.address ?? "");
  line.querySelector("span")?.append(goesOn ? " Choose it again, and it goes on." : " It was begun on another device.");
  const buttons = document.createElement("span");
  buttons.className = "arriving-buttons";
  buttons.append(button("Throw it away", () => throwAway(line)));
  line.append(buttons);
}

// One that goes on has a line of its own.
follow(({ file, state }) => {
  if (state === "refused") return;
  lines.filter(({ dataset }) => dataset.name === file.name && Number(dataset.size) === file.size).forEach((line) => line.remove());
  show();
});
show();
