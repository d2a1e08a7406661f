/* Where a name is drawn, with a finger, a pen or the mouse. Who cannot draw types it in the field beside. */

import { find } from "../dom.js";
import { Drawing } from "./drawing.js";

/**
 * Has a name drawn on this element. Gives the drawing, and what shows it anew.
 * @param {HTMLElement} pad `data-name-pad`
 * @param {(path: string) => void} [changed]
 */
export function padOn(pad, changed = () => {}) {
  const drawing = new Drawing();
  const picture = find("svg", SVGElement, pad);
  const line = find("path", SVGPathElement, pad);
  let pen = -1; // the pointer that draws

  function show() {
    line.setAttribute("d", drawing.path);
    changed(drawing.path);
  }

  /** Where it is, in units of the drawing. @param {PointerEvent} event @returns {[number, number]} */
  function at(event) {
    const box = picture.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 600, ((event.clientY - box.top) / box.height) * 200];
  }

  picture.addEventListener("pointerdown", (event) => {
    if (pen !== -1 || event.button) return; // a palm on the glass draws nothing
    event.preventDefault();
    pen = event.pointerId;
    picture.setPointerCapture(pen);
    drawing.begin(...at(event));
    show();
  });
  picture.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pen) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) drawing.goOn(...at(one));
    show();
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
    picture.addEventListener(end, (event) => {
      if (event.pointerId === pen) pen = -1;
    });
  find("[data-clear]", HTMLButtonElement, pad).addEventListener("click", () => {
    drawing.clear();
    show();
  });
  pad.hidden = false;
  return { drawing, show };
}
