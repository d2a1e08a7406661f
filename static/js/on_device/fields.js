/* What a form says, as a device keeps it, and back into the form. */

/** @typedef {[string, string][]} Fields names and values */

const NOT_KEPT = ["csrfmiddlewaretoken", "password"];

/**
 * What a form says now, but for what is secret, and for what was never said of a criterion.
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export const fieldsOf = (form) =>
  /** @type {Fields} */ ([...new FormData(form)]).filter(
    ([name, value]) => typeof value === "string" && !NOT_KEPT.includes(name) && !(name.startsWith("where-") && !value),
  );

/**
 * Puts what was kept into the fields of a form; what was not said stays as the page brings it.
 * @param {HTMLFormElement} form
 * @param {Fields} fields
 * @param {string[]} [not] names of fields that stay
 */
export function fill(form, fields, not = NOT_KEPT) {
  for (const field of form.elements) {
    if (!("name" in field && "value" in field) || not.includes(`${field.name}`)) continue;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if ("checked" in field && field.matches("[type=checkbox], [type=radio]")) field.checked = values.includes(`${field.value}`);
    else if (values.length) field.value = values[0];
  }
}
