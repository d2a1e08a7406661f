/* Judging as one goes: an answer is saved when it is given; keys M, P, N, J, K.

   A letter judges the claim that has the focus itself, or is marked while nothing has it: never from a button, a field
   or a link, where somebody may be about to type. Without this script the page is a form with a button that saves all. */

import { element, find } from "../dom.js";
import { sendPresses } from "../presses/on_page.js";
import { UndoHistory } from "../presses/undo.js";
import { statusesOf } from "../statuses.js";
import { KEYS, isHalfTyped, isNews, reasonFor, takesReason, wantsReason } from "./answers.js";

/** @import { Given, Shown } from "./answers.js" */
/** @typedef {{ claim: Claim, given: Given, reason: string }} Answer */

/** A claim on the page, with the answer to it. @implements {Shown} */
class Claim {
  /** @param {HTMLFieldSetElement} box */
  constructor(box) {
    this.box = box;
    this.isOpen = box.querySelector("[type=radio]") !== null;
    this.shown = this.chosen;
    this.savedReason = this.givenReason = this.typed;
  }

  get #radios() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.box.querySelectorAll("[type=radio]"));
  }

  /** The answer that is ticked. @returns {Given} */
  get chosen() {
    const ticked = [...this.#radios].find((radio) => radio.checked);
    return /** @type {Given} */ (ticked?.value ?? "waiting");
  }

  set chosen(given) {
    for (const radio of this.#radios) radio.checked = radio.value === given;
  }

  /** The reason that is typed. */
  get typed() {
    return this.box.querySelector("textarea")?.value.trim() ?? "";
  }

  set typed(reason) {
    this.reasonField.value = reason;
  }

  get reasonField() {
    return find("textarea", HTMLTextAreaElement, this.box);
  }

  get code() {
    return this.box.querySelector(".code")?.textContent ?? "";
  }

  get isAsking() {
    return this.box.querySelector(".answer-ask") !== null;
  }

  /** Shows how it stands. @param {string} status */
  show(status) {
    this.box.querySelector(".answer-ask")?.remove();
    this.box.classList.remove("unsaved");
    this.chosen = this.shown = status === "claimed" ? "waiting" : /** @type {Given} */ (status);
  }

  setUnsaved() {
    this.box.classList.add("unsaved");
  }

  /** A "not yet" is saved with its reason: until then the claim says so, and the page is not left unasked. */
  ask() {
    if (!this.isAsking) this.reasonField.after(element("p", { className: "answer-ask", textContent: "Not saved yet: say why." }));
    this.setUnsaved();
  }
}

const root = find("#judging", HTMLElement);
const piece = root.dataset.piece ?? "";
const boxes = /** @type {NodeListOf<HTMLFieldSetElement>} */ (root.querySelectorAll("fieldset.answer"));
const claims = new Map([...boxes].map((box) => [box, new Claim(box)]));
const open = [...claims.values()].filter((claim) => claim.isOpen);
const words = new Map([...statusesOf(root)].map(([standing, status]) => [String(standing), status.words.toLowerCase()]));
words.set("waiting", words.get("claimed") ?? "");
const undoButton = find("#undo", HTMLButtonElement);
/** @type {UndoHistory<Answer>} */
const history = new UndoHistory(undoButton);
/** @type {Claim | null} the claim that has the focus, or had it last; at first the one to begin with */
let here = null;

/** @param {{ e: string, c: string }} press @returns {Claim | null} null where another page has it */
const claimOf = ({ e, c }) => (e === piece && [...claims.values()].find(({ box }) => box.id === c)) || null;

/** The claim around what was pressed. @param {Event} event */
const claimAt = (event) => {
  const box = /** @type {Element} */ (event.target).closest("fieldset.answer");
  return claims.get(/** @type {HTMLFieldSetElement} */ (box));
};

const sending = sendPresses(root, {
  banner: find("#unsaved", HTMLElement),
  named: (press) => {
    const claim = claimOf(press);
    return claim ? `${claim.code}: ${words.get(press.to)}${press.reason ? ` (${press.reason})` : ""}` : "";
  },
  settled: (press, result) => {
    const claim = claimOf(press);
    if (!claim) return false;
    claim.box.classList.remove("unsaved");
    claim.box.dataset.seen = result.stamp;
    claim.box.dataset.status = result.status;
    // What was here before it was sent: the form must not send an older state after it.
    claim.box.querySelector(".answer-standing")?.remove();
    if (result.refused) {
      claim.show(result.status);
      forget(claim);
    } else claim.savedReason = press.reason;
    return false;
  },
  givenBack: (press) => {
    const claim = claimOf(press);
    if (!claim) return;
    claim.show(press.was);
    forget(claim);
  },
  says: (sentence) => {
    find(".judge-saved", HTMLElement).hidden = false;
    find("#saved", HTMLElement).textContent = sentence;
  },
  read: () => (here ?? open[0])?.box.focus(),
});

/** @param {Answer[]} answers */
function give(answers, { isUndone = false } = {}) {
  const news = answers.filter(({ claim, given, reason }) => isNews(given, reason, claim));
  const before = news.map(({ claim }) => ({ claim, given: claim.shown, reason: claim.savedReason }));
  if (!isUndone && news.length) history.push(before);
  for (const { claim, given, reason } of news) {
    const { shown, box } = claim;
    sending.add({ e: piece, c: box.id, to: given, reason, seen: box.dataset.seen ?? "", was: shown });
  }
  for (const { claim, given } of answers) claim.show(given);
  for (const { claim, reason } of news) {
    claim.setUnsaved();
    claim.givenReason = reason;
  }
  if (!news.length) return;
  const [{ claim, given }] = news;
  const what = news.length === 1 ? claim.code : `${news.length} claims`;
  find("#says", HTMLElement).textContent = `${what}: ${words.get(given)}`;
  sending.send();
}

/** @param {Claim} claim @param {Given} given */
function answer(claim, given) {
  if (wantsReason(given, claim.typed)) {
    claim.chosen = given;
    claim.ask();
  } else give([{ claim, given, reason: reasonFor(given, claim.typed, claim) }]);
}

function undo() {
  const group = history.pop();
  if (!group) return;
  for (const { claim, reason } of group) claim.typed = reason;
  give(group, { isUndone: true });
  group[0].claim.box.focus();
}

/** What was refused cannot be undone. @param {Claim} claim */
function forget(claim) {
  history.forget((one) => one.claim === claim);
}

/** The claim that letters, J and K start from, marked while nothing has the focus. @param {Claim} claim */
function beAt(claim) {
  here?.box.classList.remove("is-here");
  here = claim;
  here.box.classList.add("is-here");
}

/** @param {Claim | undefined} claim */
function go(claim) {
  if (!claim) return;
  beAt(claim);
  claim.box.focus();
}

/** @param {number} steps down the page; from elsewhere back to where one was */
function move(steps) {
  if (!here?.box.contains(document.activeElement)) return go(here ?? open[0]);
  const place = open.indexOf(here);
  return go(open[Math.min(Math.max(place + steps, 0), open.length - 1)]);
}

/** Judges by a letter, and goes on. @param {Element} focused @param {Given} given */
function judge(focused, given) {
  const isAnywhere = focused === document.body;
  const claim = open.find((one) => (isAnywhere ? one === here : one.box === focused));
  if (!claim) return;
  const isSeen = !isAnywhere || isInView(claim.box);
  go(claim);
  if (!isSeen) return; // where the marked claim was scrolled away, the first letter only leads there
  answer(claim, given);
  if (given === "not_yet") writeWhy(claim);
  else move(1);
}

/** @param {Element} box */
function isInView(box) {
  const { top, bottom } = box.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** Puts the cursor behind the reason. @param {Claim} claim */
function writeWhy({ reasonField }) {
  reasonField.focus();
  reasonField.setSelectionRange(reasonField.value.length, reasonField.value.length);
}

root.addEventListener("change", (event) => {
  const claim = claimAt(event);
  if (!claim) return;
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.type === "radio" || takesReason(claim.chosen)) answer(claim, claim.chosen);
});
root.addEventListener("click", (event) => {
  const claim = claimAt(event);
  // Once the click is over: WebKit then gives the focus to what was pressed.
  if (claim && /** @type {Element} */ (event.target).matches("[value=not_yet]")) setTimeout(writeWhy, 0, claim);
});
root.addEventListener("focusin", (event) => {
  const claim = claimAt(event);
  if (claim) beAt(claim);
});
root.addEventListener("submit", (event) => {
  event.preventDefault();
  const { name } = /** @type {{ name?: string }} */ (event.submitter ?? {});
  if (name === "all_met") give(open.map((claim) => ({ claim, given: "met", reason: reasonFor("met", "", claim) })));
});

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  const isTyping = target.matches("textarea, input:not([type=radio]), select, audio, video");
  const hasModifier = event.ctrlKey || event.metaKey;
  if (isTyping && event.key === "Escape") {
    const claim = claimAt(event);
    if (claim && !claim.typed) claim.show(claim.shown); // a "not yet" without a reason was not given
    return go(claim);
  }
  if (isTyping && event.key === "Enter" && hasModifier) return go(claimAt(event));
  if (isTyping || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (hasModifier && key === "z") undo();
  else if (hasModifier) return undefined;
  else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (KEYS[key] && !event.repeat) judge(target, KEYS[key]);
  else return undefined;
  event.preventDefault();
  return undefined;
});

addEventListener("beforeunload", (event) => {
  if (open.some((claim) => claim.isAsking || isHalfTyped(claim.chosen, claim.typed, claim))) event.preventDefault();
});

for (const claim of open) claim.box.tabIndex = -1;
root.classList.add("is-scripted");
find(".form-actions:not(.judge-onward)", HTMLElement, root).hidden = true;
find(".judge-onward", HTMLElement, root).hidden = false;
undoButton.addEventListener("click", undo);

// What an earlier page could not send.
for (const press of sending.takeOver()) {
  const claim = claimOf(press);
  if (!claim?.isOpen) continue;
  press.was = claim.shown;
  claim.show(press.to);
  if (press.reason) claim.typed = claim.givenReason = press.reason;
  claim.setUnsaved();
}
sending.send();

// The claim that the address names, or the first that waits.
const named = open.find(({ box }) => box.matches(":target"));
const first = named ?? open.find(({ shown }) => shown === "waiting");
if (first) beAt(first);
