/* The marks of headings and lists, as a person would type them: portfolio/files/written_parts.py shows them. */

/** @typedef {"heading" | "list" | "numbered"} Mark */

const MARKS = { heading: /^#[ \t]+/, list: /^[ \t]*[-*•][ \t]+/, numbered: /^[ \t]*[1-9]\d{0,2}\.[ \t]+/ };
const ANY = /^(?:#[ \t]+|[ \t]*(?:[-*•]|[1-9]\d{0,2}\.)[ \t]+)/;

/**
 * Puts a mark before each line that is selected, in place of another, or takes it away where all of them have it.
 * Says what to write in place of which part of the text.
 * @param {string} text
 * @param {number} start of what is selected
 * @param {number} end
 * @param {Mark} mark
 */
export function marked(text, start, end, mark) {
  const from = text.slice(0, start).lastIndexOf("\n") + 1;
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end; // a line whose beginning alone is reached is not meant
  const to = text.indexOf("\n", last) < 0 ? text.length : text.indexOf("\n", last);
  const lines = text.slice(from, to).split("\n");
  const isMeant = (/** @type {string} */ line) => lines.length === 1 || line.trim() !== "";
  const isOff = lines.filter(isMeant).every((line) => MARKS[mark].test(line));
  let number = numberBefore(text.slice(0, Math.max(0, from - 1)));
  const change = (/** @type {string} */ line) => {
    const words = line.replace(ANY, "");
    if (isOff) return words;
    return (mark === "heading" ? "# " : mark === "list" ? "- " : `${++number}. `) + words;
  };
  return { from, to, words: lines.map((line) => (isMeant(line) ? change(line) : line)).join("\n") };
}

/**
 * The number of the list that the text ends with, 0 if it ends with none.
 * @param {string} text
 */
function numberBefore(text) {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return MARKS.numbered.test(line) ? parseInt(line.trim(), 10) : 0;
}
