/* Draws the areas of a picture that will be covered, with a finger, the mouse or the keyboard, over its number fields.
   Without this script the numbers are typed. */

import { button, find } from "./dom.js";

const SIDES = ["left", "top", "width", "height"];
const LEAST = 0.5; // per cent of the picture: what is smaller was a tap, not an area
const STEP = 1; // per cent, for each press of an arrow key
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const place = document.querySelector("[data-cover]");
if (place instanceof HTMLElement) begin(place);

/** @param {HTMLElement} place the frame of the picture */
function begin(place) {
  const rows = find(".cover-areas ol", HTMLOListElement);
  const most = Number(place.dataset.cover);
  const blank = /** @type {HTMLLIElement} */ (find("li", HTMLLIElement, rows).cloneNode(true));
  blank.classList.remove("is-empty");
  for (const field of blank.querySelectorAll("input")) field.value = field.defaultValue = "";
  for (const row of [...rows.querySelectorAll("li")]) [...row.querySelectorAll("input")].some((field) => field.value) ? take(row) : row.remove();
  find("[data-cover-add]", HTMLButtonElement).addEventListener("click", () => add([40, 40, 20, 20])?.focus());
  place.addEventListener("pointerdown", draw);

  /**
   * Adds an area, unless there are too many.
   * @param {number[]} numbers
   */
  function add(numbers) {
    if (rows.children.length >= most) return null;
    const row = /** @type {HTMLLIElement} */ (blank.cloneNode(true));
    rows.append(row);
    const box = take(row);
    say(row, numbers);
    row.dispatchEvent(new Event("input"));
    return box;
  }

  /**
   * Gives a row of numbers its box over the picture.
   * @param {HTMLLIElement} row
   */
  function take(row) {
    const box = document.createElement("button");
    Object.assign(box, { type: "button", className: "cover-box" });
    const remove = () => {
      row.remove();
      box.remove();
      for (const one of rows.children) one.dispatchEvent(new Event("input"));
    };
    row.append(button("Take it out", remove));
    place.append(box);
    row.addEventListener("input", () => {
      const [left = 0, top = 0, width = 0, height = 0] = numbersOf(row);
      Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
      box.setAttribute("aria-label", `Area ${[...rows.children].indexOf(row) + 1}: ${width} by ${height} per cent, at ${left} and ${top}`);
    });
    row.dispatchEvent(new Event("input"));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") remove();
      const by = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
      if (!by) return;
      event.preventDefault();
      const [left = 0, top = 0, width = 0, height = 0] = numbersOf(row);
      const [across = 0, down = 0] = by;
      say(row, event.shiftKey ? [left, top, width + across, height + down] : [left + across, top + down, width, height]);
    });
    return box;
  }

  /** @param {PointerEvent} event */
  function draw(event) {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest(".cover-box"))) return;
    const frame = place.getBoundingClientRect();
    const at = (/** @type {PointerEvent} */ { clientX, clientY }) => [
      within((100 * (clientX - frame.left)) / frame.width),
      within((100 * (clientY - frame.top)) / frame.height),
    ];
    const [x = 0, y = 0] = at(event);
    const box = add([x, y, 0, 0]);
    const row = rows.lastElementChild;
    if (!box || !(row instanceof HTMLLIElement)) return;
    event.preventDefault();
    place.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ now) => {
      const [across = 0, down = 0] = at(now);
      say(row, [Math.min(x, across), Math.min(y, down), Math.abs(across - x), Math.abs(down - y)]);
    };
    const end = () => {
      place.removeEventListener("pointermove", move);
      const [, , width = 0, height = 0] = numbersOf(row);
      if (width < LEAST || height < LEAST) row.querySelector("button")?.click();
      else box.focus();
    };
    place.addEventListener("pointermove", move);
    place.addEventListener("lostpointercapture", end, { once: true });
  }
}

/** @param {HTMLLIElement} row */
function numbersOf(row) {
  return SIDES.map((side) => within(Number.parseFloat(find(`[name=${side}]`, HTMLInputElement, row).value.replace(",", ".")) || 0));
}

/**
 * Writes the numbers of an area, kept within the picture.
 * @param {HTMLLIElement} row
 * @param {number[]} numbers
 */
function say(row, [left = 0, top = 0, width = 0, height = 0]) {
  const [x, y] = [within(left), within(top)];
  [x, y, Math.min(within(width), 100 - x), Math.min(within(height), 100 - y)].forEach((number, place) => {
    find(`[name=${SIDES[place]}]`, HTMLInputElement, row).value = `${Math.round(number * 10) / 10}`;
  });
  row.dispatchEvent(new Event("input"));
}

/** @param {number} number */
function within(number) {
  return Math.min(Math.max(number, 0), 100);
}
