/* Searches the criteria on the page that asks what a piece shows, while one types. What was ticked and not saved yet
   is never hidden. Without this script, and on a page of what was found, the form asks the server. */

import { find } from "../dom.js";

const form = find("[data-claim-search]", HTMLFormElement);
if (!form.dataset.claimSearch) search(form);

/** Words as `standards/search.py` compares them: without case, accents and apostrophes. @param {string} text */
function wordsOf(text) {
  const plain = text.normalize("NFKD").replace(/[\p{M}'’‘ʼ´`]/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** @param {HTMLFormElement} form */
function search(form) {
  const field = find("input[type=search]", HTMLInputElement, form);
  const count = find("[data-claim-count]", HTMLElement, form);
  const lines = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".claim-line")]);
  const around = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".claim-group, .claim-block, .claim-unit")]);
  const folds = around.filter((one) => one instanceof HTMLDetailsElement);
  /** @type {Map<HTMLElement, string> | undefined} */
  let words;
  /** @type {Map<HTMLDetailsElement, boolean> | undefined} */
  let opened;

  const show = () => {
    const wanted = wordsOf(field.value).map((word) => word.replace(/(?<=[a-z]{3})(?<!s)s$/, ""));
    words ??= new Map(lines.map((line) => [line, ` ${wordsOf(line.querySelector(".claim-words")?.textContent ?? "").join(" ")}`]));
    opened ??= new Map(folds.map((fold) => [fold, fold.open]));
    let found = 0;
    for (const line of lines) {
      const isFound = wanted.every((word) => words?.get(line)?.includes(` ${word}`));
      if (isFound) found += 1;
      const tick = line.querySelector("input");
      line.hidden = !isFound && !(tick?.checked && !tick.defaultChecked);
    }
    for (const one of around) one.hidden = wanted.length > 0 && !one.querySelector(".claim-line:not([hidden])");
    for (const [fold, was] of opened) fold.open = wanted.length > 0 || was;
    if (!wanted.length) opened = undefined; // what is folded and unfolded from now on stays so
    count.textContent = wanted.length ? `${found} of ${lines.length} criteria` : "";
  };

  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault()); // it is found already, and ticks would be lost
  find("button", HTMLButtonElement, form).hidden = true;
  if (field.value) show(); // a browser that came back fills the field again
}
