/* Puts what a witness has recorded into the field for a recording, with which it goes when the page is sent. */

import { find } from "./dom.js";

const input = find("input[data-arriving]", HTMLInputElement);
input.addEventListener("recorded", (event) => {
  const chosen = new DataTransfer();
  chosen.items.add(/** @type {CustomEvent<File>} */ (event).detail);
  input.files = chosen.files;
});
