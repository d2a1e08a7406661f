/* The page that is handed to the candidate: the name that they draw goes with its form. */

import { find } from "../dom.js";
import { padOn } from "./name_pad.js";

const pad = document.querySelector("[data-name-pad]");
if (pad instanceof HTMLElement) {
  const lines = find("[name=name-lines]", HTMLInputElement);
  const { drawing, show } = padOn(pad, (path) => (lines.value = path));
  drawing.path = lines.value; // of a form that was refused
  show();
}
