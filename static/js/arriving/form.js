/* Fills in what the files tell of themselves. Whatever the person has typed or chosen stays as it is. */

import { button, element } from "../dom.js";
import { suggested } from "./suggestions.js";

/* What a recording shows, its content does not tell. Each answer is a kind of evidence. */
export const OF_A_RECORDING = {
  "Me at work": { audio: "audio", video: "video" },
  "Me telling of it": { audio: "personal_statement", video: "personal_statement" },
  "A talk with my assessor": { audio: "professional_discussion", video: "professional_discussion" },
};

/**
 * Fills in the form for its first file, and asks what a recording is.
 * @param {HTMLFormElement} form
 * @param {File} file
 * @param {HTMLElement} after the question about a recording goes behind this
 */
export function fillIn(form, file, after) {
  const { title, day, kind, medium } = suggested(file, Date.now());
  for (const [name, value] of Object.entries({ title, happened_from: day, kind })) set(form, name, value);
  if (medium === "audio" || medium === "video") ask(form, medium, after);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
function set(form, name, value) {
  const field = form.elements.namedItem(name);
  const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement;
  if (isField && !field.value && value) field.value = value;
}

/**
 * @param {HTMLFormElement} form
 * @param {"audio" | "video"} medium
 * @param {HTMLElement} after
 */
function ask(form, medium, after) {
  const kind = form.elements.namedItem("kind");
  if (!(kind instanceof HTMLSelectElement) || kind.value) return;
  form.querySelector(".arriving-question")?.remove();
  const asked = element("fieldset", { className: "arriving-question" });
  const answers = Object.entries(OF_A_RECORDING).map(([words, kinds]) =>
    button(words, () => {
      kind.value = kinds[medium];
      asked.remove();
      form.querySelector(".btn-primary")?.scrollIntoView({ block: "nearest" });
    }),
  );
  asked.append(element("legend", { textContent: "What is on it?" }), ...answers);
  after.after(asked);
}
