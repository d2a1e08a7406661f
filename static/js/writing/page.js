/* Keeps what is written in the page on this device, and brings it back: after a closed tab, a dead phone, an ended
   session. Without this script the page asks before it is left. Where the device keeps the whole of a new piece
   (`on_device/page.js`), what is written in it is a part of that. Its buttons type the marks of headings and lists. */

import { button, element, find } from "../dom.js";
import { canKeep } from "../on_device/store.js";
import { BEATS_EVERY, Drafts } from "./drafts.js";
import { marked } from "./marks.js";

const field = find("textarea[name=written]", HTMLTextAreaElement);
const form = /** @type {HTMLFormElement} */ (field.form);
const { person = "" } = find("input[data-person]", HTMLInputElement, form).dataset;
const drafts = new Drafts(localStorage, person, location.pathname, crypto.getRandomValues(new Uint32Array(2)).join("-"));
const kind = form.elements.namedItem("kind");

function keep() {
  try {
    drafts.keep(field.value === field.defaultValue ? "" : field.value, Date.now());
  } catch {
    // the device has no room: the page still asks before it is left
  }
}

function bringBack() {
  const draft = drafts.takeOver(Date.now());
  if (!draft || draft.text === field.value) return;
  const before = field.value;
  field.value = draft.text;
  const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  const note = element("p", { className: "alert alert-info", textContent: `What you wrote until ${when} is back. It is not saved yet. ` });
  note.setAttribute("role", "status");
  const undo = () => {
    field.value = before;
    drafts.forget();
    note.remove();
  };
  note.append(button("Throw it away", undo));
  field.before(note);
  field.closest("details")?.setAttribute("open", "");
}

/** @param {import("./marks.js").Mark} mark */
function press(mark) {
  const { from, to, words } = marked(field.value, field.selectionStart, field.selectionEnd, mark);
  field.focus();
  field.setSelectionRange(from, to);
  // As if it was typed, so that the browser can undo it.
  if (document.execCommand(words ? "insertText" : "delete", false, words)) return;
  field.setRangeText(words, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function addButtons() {
  const marks = element("div", { className: "writing-marks", role: "group", ariaLabel: "Headings and lists" });
  marks.append(
    button("Heading", () => press("heading")),
    button("List", () => press("list")),
    button("Numbered list", () => press("numbered")),
  );
  field.before(marks);
}

addButtons();
field.addEventListener("input", () => {
  if (kind instanceof HTMLSelectElement && !kind.value) kind.value = "personal_statement";
});
if (!canKeep() || !form.elements.namedItem("form_key")) {
  bringBack();
  field.addEventListener("input", keep);
  setInterval(() => drafts.beat(Date.now()), BEATS_EVERY);
  // Sent: the page that follows shows it again if it was refused. Whoever stopped it on the way keeps it.
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) drafts.forget();
  });
}
