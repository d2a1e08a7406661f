/* Filters the units of a form by what is typed. Without this script all of them are shown, group by group. */

const box = /** @type {HTMLElement | null} */ (document.querySelector("[data-unit-filter]"));
const lines = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-unit-line]")]);
if (box && lines.length >= 12) filter(box, lines); // fewer fit on a screen or two

/**
 * @param {HTMLElement} box holds the field and the count
 * @param {HTMLElement[]} lines
 */
function filter(box, lines) {
  const groups = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-unit-group]")]);
  const field = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  const count = /** @type {HTMLElement} */ (box.querySelector("[data-unit-count]"));
  const words = new Map(lines.map((line) => [line, called(line).toLowerCase().replace(/\s+/g, " ")]));

  const show = () => {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const line of lines) {
      const ticked = line.querySelector("input:checked"); // what is chosen is never hidden
      line.hidden = !ticked && !wanted.every((word) => words.get(line)?.includes(word));
      if (!line.hidden) found += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-unit-line]:not([hidden])");
    count.textContent = wanted.length ? `${found} of ${lines.length} units` : "";
  };

  box.hidden = false;
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // a search does not register anybody
  });
}

/**
 * What a unit is called, without what is told of it below.
 * @param {HTMLElement} line
 */
function called(line) {
  return line.querySelector("label, p")?.textContent ?? "";
}
