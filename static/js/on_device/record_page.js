/* The page on which an assessor records: what is typed and ticked is kept on this device until the site has it, and the
   page opens without a connection. What waited is sent as drafts as soon as a page of the site is open; nothing is judged
   or signed before its author does so there. */

import { whenBack } from "../connection.js";
import { button, element, find } from "../dom.js";
import { freshen } from "../token.js";
import { DrawnNames } from "./drawn_names.js";
import { fieldsOf, fill } from "./fields.js";
import { claim, claimed } from "./kept_piece.js";
import { aboutOf, askedBy, KeptRecords, sorted } from "./kept_records.js";
import { keepPage } from "./offline.js";
import { canKeep } from "./store.js";

/** @import { Found } from "./kept_piece.js" */
/** @import { Fields } from "./fields.js" */

const TO_OPEN = "record to open";
const ANOTHER = "another";

const holder = find("[data-records]", HTMLElement);
const records = new KeptRecords(holder.dataset);

/** The form of one record, kept while it is filled in. */
class Keeping {
  key;
  isLeaving = false;
  #form;
  #names;
  #asItCame;
  #noted;
  #isOurs = false;

  /** @param {HTMLFormElement} form @param {string} key */
  constructor(form, key) {
    this.key = key;
    this.#form = form;
    this.#names = new DrawnNames(form, () => this.note());
    this.#asItCame = this.#noted = JSON.stringify(this.#said());
    for (const sort of ["input", "change"]) form.addEventListener(sort, () => this.note());
  }

  get isUntouched() {
    return this.#noted === this.#asItCame;
  }

  /** What is kept and sent. @returns {Fields} */
  get fields() {
    const { about = "" } = this.#form.dataset;
    return [...this.#said(), ["written_on_device", this.writtenAt], ["about_on_device", about]];
  }

  writtenAt = ""; // by this device's clock, which may be wrong: the site keeps it as what it is

  note() {
    const now = JSON.stringify(this.#said());
    if (now === this.#noted || this.isLeaving) return;
    this.#noted = now;
    this.writtenAt = new Date().toISOString();
    this.#own();
    if (this.isUntouched) records.piece(this.key).forget();
    else records.piece(this.key).keepForm(this.fields, false);
  }

  /** @param {Found} found */
  bringBack({ key, fields }) {
    this.key = key;
    fill(this.#form, fields);
    this.#names.fill(fields);
    this.writtenAt = Object.fromEntries(fields).written_on_device ?? "";
    for (const { value, parentElement } of this.#form.querySelectorAll("textarea"))
      if (value) parentElement?.closest("details")?.setAttribute("open", "");
    this.#noted = JSON.stringify(this.#said());
    this.#own();
  }

  #said() {
    return [...fieldsOf(this.#form), ...this.#names.fields()];
  }

  /** This tab has it from now on. */
  #own() {
    if (!this.#isOurs) claim(this.key);
    this.#isOurs = true;
  }
}

/** @param {(Node | string)[]} words */
function tell(...words) {
  const said = element("p", { className: "alert alert-info" }, ...words);
  holder.querySelector(".alert")?.remove();
  holder.append(said);
  said.scrollIntoView({ block: "nearest" });
}

/** Opens the page once more, for the record of this key. @param {string} key @param {string} [asked] */
function open(key, asked = location.search) {
  sessionStorage.setItem(TO_OPEN, key);
  location.assign(location.pathname + asked);
}

const token = () => find("[name=csrfmiddlewaretoken]", HTMLInputElement, holder);

/** What the site has saved is forgotten; what waits is sent, and told with where it is now. */
async function sendWhatWaits() {
  const { saved, waiting } = sorted(await records.all(), (holder.dataset.saved ?? "").split(" "), await claimed());
  for (const { key } of saved) await records.piece(key).forget();
  const links = [];
  for (const one of waiting) {
    const answer = await records.send(one, token().value);
    if (typeof answer === "string") links.push(element("li", {}, element("a", { href: answer, textContent: aboutOf(one.fields) })));
  }
  const left = waiting.length - links.length;
  if (links.length) holder.append(element("p", { textContent: "Written on this device, here now, and not signed yet:" }), element("ul", {}, ...links));
  if (left) holder.append(element("p", { textContent: `Still on this device only: ${left}. The site did not take it.` }));
}

/** @param {HTMLFormElement} form */
async function beginOnline(form) {
  const asked = askedBy(fieldsOf(form));
  if (location.search !== asked) history.replaceState(history.state, "", location.pathname + asked + location.hash);
  const keeping = new Keeping(form, holder.dataset.key ?? "");
  addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target !== form || keeping.isUntouched) return;
    records.piece(keeping.key).keepForm(keeping.fields, true);
    keeping.isLeaving = true;
  });
  await keepPage(holder.dataset, asked);
}

/** @param {HTMLFormElement} form */
async function beginOffline(form) {
  navigator.storage?.persist?.(); // or a device that runs out of room would forget it before it is sent
  const keeping = new Keeping(form, crypto.randomUUID());
  const wanted = sessionStorage.getItem(TO_OPEN);
  sessionStorage.removeItem(TO_OPEN);
  const { waiting } = sorted(await records.all(), [], await claimed());
  const asked = askedBy(fieldsOf(form));
  const ofThisPage = waiting.filter(({ fields }) => askedBy(fields) === asked);
  const back = wanted === ANOTHER ? undefined : (ofThisPage.find(({ key }) => key === wanted) ?? ofThisPage[0]);
  if (back && keeping.isUntouched) {
    keeping.bringBack(back);
    tell("What you recorded here is back. It is not sent yet.");
  }
  listOthers(waiting.filter((one) => one !== back));
  act(form, keeping);
}

/** @param {Found[]} others */
function listOthers(others) {
  if (!others.length) return;
  const lines = others.map(({ key, fields }) => {
    const words = aboutOf(fields);
    const opens = button("Open it", () => open(key, askedBy(fields)));
    opens.append(element("span", { className: "visually-hidden", textContent: `: ${words}` }));
    return element("li", {}, element("bdi", { textContent: words }), opens);
  });
  holder.append(element("p", { textContent: `Kept on this device, and not sent yet: ${others.length}` }), element("ul", {}, ...lines));
}

/** @param {HTMLFormElement} form @param {Keeping} keeping */
function act(form, keeping) {
  const another = () => open(ANOTHER);
  let stop = () => {};

  async function send() {
    stop();
    const isOurs = await freshen(token(), holder.dataset.person).catch(() => null);
    if (isOurs === null) return wait();
    if (!isOurs) return tell("You were signed out. All of this is kept on this device until you sign in again. ", button("Sign in", () => location.reload()));
    if (keeping.isUntouched && !keeping.writtenAt) return location.reload(); // to the page of the site
    keeping.isLeaving = true;
    const answer = await records.send(keeping, token().value).catch(() => null);
    if (typeof answer === "string") return location.assign(answer);
    keeping.isLeaving = false;
    if (answer === null) return wait();
    tell(answer === 403 || answer === 404 ? "You do not assess in this centre any more, so it was not taken. It stays on this device." : "The site did not take it. It stays on this device: try again later.");
  }

  function wait() {
    tell("Kept on this device. It is sent by itself when there is a connection, while this page is open. Otherwise open this page again then. ", button("Record another", another));
    stop = whenBack(send);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  find("[data-another]", HTMLButtonElement).addEventListener("click", another);
  find("[data-throw-away]", HTMLButtonElement).addEventListener("click", async () => {
    keeping.isLeaving = true;
    await records.piece(keeping.key).forget();
    another();
  });
  addEventListener("online", () => {
    find("[data-no-connection]", HTMLElement).textContent = "There is a connection again. Press “Send”, then sign it on the site.";
  });
}

async function begin() {
  const { key = "", offline, send } = holder.dataset;
  const form = document.querySelector("form[data-record]");
  if (send === undefined) await records.piece(key).forget(); // the page that shows it: the site has it
  else if (!(form instanceof HTMLFormElement)) await sendWhatWaits();
  else if (offline !== undefined) await beginOffline(form);
  else await Promise.all([sendWhatWaits(), beginOnline(form)]);
}

if (canKeep()) begin().catch(() => {}); // a browser that keeps nothing after all
