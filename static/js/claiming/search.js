/* Searches the criteria on the page that asks what a piece shows, while one types. What was ticked and not saved yet
   is never hidden. Without this script, and on a page of what was found, the form asks the server. */

import { find } from "../dom.js";
import { bring, notHere } from "./unfolding.js";

const form = find("[data-claim-search]", HTMLFormElement);
if (!form.dataset.claimSearch) search(form);

/** Words as `standards/search.py` compares them: without case, accents and apostrophes. @param {string} text */
function wordsOf(text) {
  const plain = text.normalize("NFKD").replace(/[\p{M}'’‘ʼ´`]/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** @param {string} selector */
function all(selector) {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
}

/** @param {HTMLFormElement} form */
function search(form) {
  const field = find("input[type=search]", HTMLInputElement, form);
  const count = find("[data-claim-count]", HTMLElement, form);
  /** @type {Map<HTMLElement, string>} */
  const words = new Map();
  /** @type {Map<HTMLDetailsElement, boolean>} */
  const opened = new Map();

  /** @type {Promise<void> | undefined} */
  let brought;

  const show = async () => {
    await (brought ??= bring(notHere()));
    const away = notHere().length;
    if (away) brought = undefined; // the next letter tries again
    const wanted = wordsOf(field.value).map((word) => word.replace(/(?<=[a-z]{3})(?<!s)s$/, ""));
    const lines = all(".claim-line");
    const around = all(".claim-group, .claim-block, .claim-unit");
    for (const line of lines)
      if (!words.has(line))
        words.set(line, ` ${wordsOf(line.querySelector(".claim-words")?.textContent ?? "").join(" ")}`);
    for (const fold of around)
      if (fold instanceof HTMLDetailsElement && !opened.has(fold)) opened.set(fold, fold.open);
    let found = 0;
    for (const line of lines) {
      const isFound = wanted.every((word) => words.get(line)?.includes(` ${word}`));
      if (isFound) found += 1;
      const tick = line.querySelector("input");
      line.hidden = !isFound && !(tick?.checked && !tick.defaultChecked);
    }
    for (const one of around) one.hidden = wanted.length > 0 && !one.querySelector(".claim-line:not([hidden])");
    for (const [fold, was] of opened) fold.open = wanted.length > 0 || was;
    if (!wanted.length) opened.clear(); // what is folded and unfolded from now on stays so
    count.textContent = wanted.length ? `${found} of ${lines.length} criteria${away ? ", without the units that were not reached" : ""}` : "";
  };

  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault()); // it is found already, and ticks would be lost
  find("button", HTMLButtonElement, form).hidden = true;
  if (field.value) show(); // a browser that came back fills the field again
}
