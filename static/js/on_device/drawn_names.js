/* The names that candidates draw on a page without a connection. Each reads what was recorded of them, in a window over
   the page that shows nothing of the others. What the form said then goes with the name, so that the site can tell
   whether it was changed after it. */

import { element, find } from "../dom.js";
import { fieldsOf } from "./fields.js";
import { padOn } from "./name_pad.js";

/** @import { Fields } from "./fields.js" */
/** @typedef {{ lines: string, typed: string, at: string, of: Fields }} Name */

export class DrawnNames {
  /** @type {Map<string, Name>} by the name of the field that the site takes */
  #names = new Map();
  #form;
  #changed;

  /**
   * @param {HTMLFormElement} form
   * @param {() => void} changed
   */
  constructor(form, changed) {
    this.#form = form;
    this.#changed = changed;
    for (const section of this.#sections()) this.#offer(section);
  }

  /** What is kept and sent of the names. @returns {Fields} */
  fields() {
    return [...this.#names].map(([field, name]) => [field, JSON.stringify(name)]);
  }

  /** Brings back what was kept. @param {Fields} fields */
  fill(fields) {
    this.#names = new Map(fields.filter(([name]) => name.startsWith("drawn-")).map(([name, value]) => [name, JSON.parse(value)]));
    for (const section of this.#sections()) this.#show(section);
  }

  #sections() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.#form.querySelectorAll("[data-draw-name]"));
  }

  /** @param {HTMLElement} section */
  #show(section) {
    const name = this.#names.get(fieldOf(section));
    find("[data-name]", HTMLElement, section).hidden = !name;
    find("[data-hand]", HTMLElement, section).hidden = Boolean(name);
    find("[data-name] path", SVGPathElement, section).setAttribute("d", name?.lines ?? "");
    find("[data-name] svg", SVGElement, section).toggleAttribute("hidden", !name?.lines);
    find("[data-typed]", HTMLElement, section).textContent = name?.typed ?? "";
  }

  /** @param {HTMLElement} section */
  #offer(section) {
    const inside = find("dialog", HTMLDialogElement, section);
    const { drawing, show } = padOn(find("[data-name-pad]", HTMLElement, section));
    const typed = find("[data-typed-name]", HTMLInputElement, section);
    const isTheirs = find("[data-is-theirs]", HTMLInputElement, section);
    const refused = find("[data-refused]", HTMLElement, section);

    const begin = () => {
      drawing.clear();
      show();
      typed.value = refused.textContent = "";
      isTheirs.checked = false;
      find("[data-words]", HTMLElement, section).replaceChildren(this.#words(section));
      inside.showModal();
    };
    const done = () => {
      const isTyped = typed.value.trim() !== "" && isTheirs.checked;
      if (!drawing.path && !isTyped) {
        refused.textContent = typed.value.trim() ? "Say that it is your name." : "Draw your name, or type it.";
        return;
      }
      const at = new Date().toISOString();
      this.#names.set(fieldOf(section), { lines: drawing.path, typed: drawing.path ? "" : typed.value.trim(), at, of: fieldsOf(this.#form) });
      inside.close();
      this.#show(section);
      this.#changed();
    };
    const takeOff = () => {
      this.#names.delete(fieldOf(section));
      this.#show(section);
      this.#changed();
    };
    /** @type {[string, () => void][]} */
    const buttons = [["[data-hand]", begin], ["[data-done]", done], ["[data-cancel]", () => inside.close()], ["[data-take-off]", takeOff]];
    for (const [selector, press] of buttons) find(selector, HTMLButtonElement, section).addEventListener("click", press);
    inside.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault(); // or it would send the form
      done();
    });
  }

  /** What is recorded of one candidate, as it stands. @param {HTMLElement} section */
  #words(section) {
    const list = element("dl");
    const part = section.closest(".record-part");
    const places = [find("form [aria-labelledby=session], .record-part", HTMLElement), part];
    for (const place of new Set(places))
      for (const label of place?.querySelectorAll("label[for]") ?? []) {
        const field = document.getElementById(label.getAttribute("for") ?? "");
        const said = field?.closest("dialog") ? "" : inWords(field);
        if (!said) continue;
        const isChoice = field instanceof HTMLInputElement && field.type === "radio";
        const asked = isChoice ? field.closest("[id^=div_id_]")?.querySelector("legend, label") : label;
        list.append(element("dt", { textContent: (asked ?? label).textContent }), element("dd", { textContent: isChoice ? label.textContent : said }));
      }
    const ticked = [...(part?.querySelectorAll("[name=claimed]:checked") ?? [])].map((box) => {
      const words = box.parentElement?.querySelector(".claim-words")?.textContent ?? "";
      return words.replace(/\s+/g, " ").trim();
    });
    if (ticked.length) list.append(element("dt", { textContent: "What it shows" }), element("dd", { textContent: ticked.join("\n") }));
    return list;
  }
}

/** @param {HTMLElement} section */
const fieldOf = (section) => `drawn-${section.dataset.drawName}`;

/** What a field says, as it is read. @param {HTMLElement | null} field */
function inWords(field) {
  if (field instanceof HTMLSelectElement) return field.value && field.selectedOptions[0].textContent;
  if (field instanceof HTMLTextAreaElement) return field.value;
  if (!(field instanceof HTMLInputElement)) return "";
  return field.type === "checkbox" || field.type === "radio" ? field.checked && "Yes" : field.value;
}
