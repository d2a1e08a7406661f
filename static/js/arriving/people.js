/* Asks who else is in the pictures, the sound or the film once there are any. Without scripts it is always asked
   (`[data-people]` in evidence.css). */

/* What phones call pictures that their browsers do not know. */
const SHOWS_PEOPLE = /^(image|audio|video)\/|\.(hei[cf]|tiff?|3gp|amr|mov|m4a)$/i;

/**
 * Asks of the files that were chosen now. What was said of an earlier version says nothing of them.
 * @param {HTMLFormElement} form
 * @param {Iterable<File>} files
 */
export function askOfPeople(form, files) {
  const asked = question(form);
  if (!asked || ![...files].some(({ type, name }) => SHOWS_PEOPLE.test(type) || SHOWS_PEOPLE.test(name))) return;
  asked.dataset.people = "asked";
  for (const answer of asked.querySelectorAll("input"))
    if (answer.defaultChecked) answer.checked = answer.defaultChecked = false;
}

/** @param {HTMLFormElement} form */
function question(form) {
  const asked = form.querySelector("[data-people]");
  return asked instanceof HTMLElement ? asked : null;
}
