/* Keeps a new piece of evidence on this device while it is made, form and files, until the site has it; brings it back
   after a closed tab, a dead phone, an ended session; and has the page open without a connection. */

import { follow, take } from "../arriving/page.js";
import { button, element, find } from "../dom.js";
import { fill } from "./fields.js";
import { claim, claimed, KeptPiece } from "./kept_piece.js";
import { keepPage, sendWhenBack } from "./offline.js";
import { canKeep } from "./store.js";

/** @import { FileLine } from "../arriving/file_line.js" */
/** @import { Found } from "./kept_piece.js" */

const NOT_KEPT = ["csrfmiddlewaretoken", "form_key", "chosen", "kept"]; // files have entries of their own
const TO_OPEN = "piece to open";
const ANOTHER = "another";

const input = find("input[data-arriving]", HTMLInputElement);
const form = /** @type {HTMLFormElement} */ (input.form);
const formKey = find("[name=form_key]", HTMLInputElement, form);
const { arriving: portfolio = "", person = "" } = input.dataset;
const isOffline = form.dataset.offline !== undefined;
const box = element("section", { className: "on-device" });
/** @type {Map<File, string>} */
const ids = new Map(); // by which the files are kept
/** @type {Set<File>} */
const copied = new Set(); // those of which this device had a copy when the page was opened
const asItCame = said();
let noted = asItCame;
let isLeaving = false;
/** @type {KeptPiece | undefined} */
let piece;

/** What the form says now. */
function said() {
  const fields = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.includes(name) && typeof value === "string");
  return JSON.stringify(fields);
}

/** The piece that this page makes; this tab has it from now on. */
function own() {
  if (!piece) {
    piece = new KeptPiece(person, portfolio, formKey.value);
    claim(formKey.value);
  }
  return piece;
}

function note() {
  const now = said();
  if (now === noted || isLeaving) return;
  noted = now;
  if (now === asItCame) own().forgetFile();
  else own().keepForm(JSON.parse(now), false);
}

/** @param {FileLine} line */
function noteFile(line) {
  if (isLeaving) return;
  const { file, state, kept } = line;
  const known = ids.get(file);
  const id = known ?? crypto.randomUUID();
  if (state === "refused") {
    if (known) own().forgetFile(id);
    ids.delete(file);
    return;
  }
  ids.set(file, id);
  if (copied.has(file)) line.isCopied = true;
  if (state === "here") own().keepArrived(id, file.name, kept);
  else if (!known) own().keepFile(id, file).then((isKept) => (line.isCopied = isKept));
  note();
}

/** @param {Found} found */
function bringBack({ key, fields, files, arrived }) {
  formKey.value = key;
  piece = new KeptPiece(person, portfolio, key);
  if (form.dataset.ask !== "refused") fillIn(fields);
  for (const one of arrived) showArrived(one);
  for (const { id, file } of files) {
    ids.set(file, id);
    copied.add(file);
  }
  take(files.map(({ file }) => file));
  noted = said();
}

/** @param {[string, string][]} fields */
function fillIn(fields) {
  fill(form, fields, NOT_KEPT);
  if (Object.fromEntries(fields).written) form.querySelector("[name=written]")?.closest("details")?.setAttribute("open", "");
}

/** A file that is at the site already: the page of the site has it to tick. @param {Found["arrived"][number]} one */
function showArrived({ id, name, kept }) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=kept]")]);
  const offered = boxes.find(({ value }) => value === kept);
  if (offered) offered.checked = true;
  else if (isOffline) {
    form.append(element("input", { type: "hidden", name: "kept", value: kept }));
    box.append(element("p", { textContent: `${name} is at the site already.` }));
  } else {
    own().forgetFile(id);
    box.append(element("p", { textContent: `${name} had arrived, and is not there any more. Choose it again.` }));
  }
}

/** Opens the page once more, for the piece of this key. @param {string} key */
function open(key) {
  isLeaving = true; // all of it is kept
  sessionStorage.setItem(TO_OPEN, key);
  location.replace(location.pathname + location.search);
}

const another = () => open(ANOTHER);

/** Throws away what this page makes, or another piece. @param {Found} found */
async function throwAway(found) {
  const isThis = found.key === formKey.value;
  isLeaving = isThis; // what becomes of its files from now on is not noted
  await (isThis ? own() : new KeptPiece(person, portfolio, found.key)).forget();
  another();
}

/** @param {Found} found */
function lineOf(found) {
  const words = inWords(found);
  const buttons = [button("Open it", () => open(found.key)), button("Throw it away", () => throwAway(found))];
  for (const one of buttons) one.append(element("span", { className: "visually-hidden", textContent: `: ${words}` }));
  return element("li", {}, element("bdi", { textContent: words }), ...buttons);
}

/** @param {Found} found */
const inWords = ({ at, fields, files, arrived }) => {
  const names = [...files.map(({ file }) => file.name), ...arrived.map(({ name }) => name)];
  return `${Object.fromEntries(fields).title || names.join(", ") || "What you wrote"}, ${moment(at)}`;
};

/** @param {number} at */
const moment = (at) => new Date(at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });

/** Says what is back, and what else is kept. @param {Found | undefined} back @param {Found[]} others */
function tell(back, others) {
  if (back) {
    const said = `What you added here until ${moment(back.at)} is back. It is not saved yet.`;
    const words = element("p", { textContent: said });
    words.setAttribute("role", "status");
    const buttons = element("p", {}, button("Throw it away", () => throwAway(back)), " ", button("Add another", another));
    box.prepend(words, buttons);
  }
  if (others.length) {
    const words = `Kept on this device, and not saved yet: ${others.length}${back ? " more" : ""}`;
    box.append(element("p", { textContent: words }), element("ul", {}, ...others.map(lineOf)));
  }
  if (box.childElementCount) form.before(box);
}

async function begin() {
  if (isOffline) {
    navigator.storage?.persist?.(); // or a device that runs out of room would forget it before it is sent
    formKey.value = crypto.randomUUID(); // each time that the page is opened it makes another piece
    const today = new Date().toLocaleDateString("sv-SE"); // as a field of a day has it
    for (const day of form.querySelectorAll("input[type=date]")) day.setAttribute("max", today);
  }
  const wanted = sessionStorage.getItem(TO_OPEN);
  sessionStorage.removeItem(TO_OPEN);
  const saved = (form.dataset.saved ?? "").split(" ");
  const all = await KeptPiece.all(person, portfolio);
  for (const { key } of all) if (saved.includes(key)) new KeptPiece(person, portfolio, key).forget();
  const inOtherTabs = await claimed();
  const free = all.filter(({ key, isSent }) => !saved.includes(key) && !inOtherTabs.has(key) && !(isOffline && isSent));
  const isRefused = form.dataset.ask === "refused";
  const ofThis = isRefused ? formKey.value : wanted;
  const first = free.find(({ key }) => key === ofThis) ?? (isRefused ? undefined : free[0]);
  const mayBeBack = first && wanted !== ANOTHER && (await claim(first.key));
  const isUntouched = noted === said() && !ids.size; // until now: what is filled in meanwhile stays
  const back = mayBeBack && isUntouched ? first : undefined;
  if (back) bringBack(back);
  tell(isRefused ? undefined : back, free.filter((one) => one !== back));
}

if (canKeep()) {
  follow(noteFile);
  for (const sort of ["input", "change", "click"]) form.addEventListener(sort, note);
  addEventListener("submit", (event) => {
    const isAny = piece !== undefined || said() !== asItCame;
    if (!event.defaultPrevented && event.target === form && isAny) own().keepForm(JSON.parse(said()), true);
  });
  addEventListener("beforeunload", (event) => isLeaving && event.stopImmediatePropagation(), { capture: true });
  begin().catch(() => {}); // a browser that keeps nothing after all
  if (isOffline) sendWhenBack(form, person, { another, again: () => open(formKey.value) });
  else keepPage(form.dataset).catch(() => {});
}
