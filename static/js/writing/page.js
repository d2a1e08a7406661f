/* Keeps what is written in the page on this device, and brings it back: after a closed tab, a dead phone, an ended
   session. Without this script the page asks before it is left. Where the device keeps the whole of a new piece
   (`on_device/page.js`), what is written in it is a part of that. */

import { button, element, find } from "../dom.js";
import { canKeep } from "../on_device/store.js";
import { BEATS_EVERY, Drafts } from "./drafts.js";

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
