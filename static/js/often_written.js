/* The sentences of the centre (templates/assessments/feedback/_sentences.html) go along with the field that is written
   in, and a press puts one of them into it. Without this script they are there to be copied. */

import { button, find } from "./dom.js";

const list = find("#often-written", HTMLElement);
let field = list.parentElement?.querySelector("textarea");

/** Puts a sentence into the field that the list stands under. @param {string} sentence */
function put(sentence) {
  if (!field) return;
  field.value = [field.value.trim(), sentence].filter(Boolean).join(" ");
  field.focus();
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

for (const item of list.querySelectorAll("li")) {
  const sentence = item.textContent?.trim() ?? "";
  item.replaceChildren(button(sentence, () => put(sentence)));
}
document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || target === field) return;
  field = target;
  field.after(list);
});
