/* Pages that open without a connection: kept while there is one, and sending once there is one again. */

import { whenBack } from "../connection.js";
import { button, element, find } from "../dom.js";
import { freshen } from "../token.js";

const KEPT_FOR = 24 * 3_600_000; // milliseconds, as long as the site's scripts are the same
const PAGES_AT_MOST = 20; // of one address, each with other questions in it

/**
 * Keeps the page as it opens without a connection, with all that belongs to it, instead of an earlier one.
 * @param {DOMStringMap} from the addresses of the `worker`, and of the `offlinePage`
 * @param {string} [asked] what the address asks for, where one page is kept for each such question
 */
export async function keepPage({ worker = "", offlinePage = "" }, asked = "") {
  const address = location.pathname + asked;
  const { of: whose = "" } = find("script[data-of]", HTMLScriptElement).dataset;
  await navigator.serviceWorker.register(worker, { scope: location.pathname });
  const cache = await caches.open(`offline ${whose} ${address}`);
  if (await isUpToDate(await cache.match(address))) return;
  const response = await fetch(offlinePage + asked, { redirect: "error" });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.clone().text(), "text/html");
  const parts = [...new Set(addressesOf(page, "link[href^='/'], script[src]"))];
  await cache.addAll(parts);
  await cache.put(address, response);
  const wanted = [...parts, address].map((one) => new URL(one, location.href).href);
  for (const { url } of await cache.keys()) if (!wanted.includes(url)) await cache.delete(url);
  const alike = (await caches.keys()).filter((name) => name.startsWith(`offline ${whose} ${location.pathname}?`));
  for (const name of alike.slice(0, -PAGES_AT_MOST)) await caches.delete(name);
}

/** @param {Document} page @param {string} selector */
const addressesOf = (page, selector) =>
  [...page.querySelectorAll(selector)].map((one) => one.getAttribute("href") ?? one.getAttribute("src") ?? "");

/** @param {Response | undefined} kept */
async function isUpToDate(kept) {
  if (!kept || Date.now() - Date.parse(kept.headers.get("Date") ?? "") > KEPT_FOR) return false;
  const text = await kept.text();
  return addressesOf(document, "link[rel=stylesheet], script[type=module]").every((address) => text.includes(address));
}

/**
 * Has the form of a kept page ask for a fresh token before it is sent, and wait where there is no connection.
 * @param {HTMLFormElement} form
 * @param {string} person
 * @param {{ another: () => void, again: () => void }} opens opens the page for another piece, or for the same one again
 */
export function sendWhenBack(form, person, opens) {
  const token = find("[name=csrfmiddlewaretoken]", HTMLInputElement, form);
  const told = element("p", { className: "alert alert-info" });
  told.setAttribute("role", "status");
  let isFresh = false;
  let stop = () => {};

  /** @param {HTMLElement | null} pressed */
  async function send(pressed) {
    stop();
    const isOurs = await freshen(token, person).catch(() => null);
    if (isOurs) {
      told.remove();
      isFresh = true;
      form.requestSubmit(pressed);
      isFresh = false;
      return;
    }
    form.querySelector(".form-actions")?.before(told);
    if (isOurs === null) {
      told.replaceChildren(
        "Kept on this device. It is saved by itself when there is a connection, while this page is open. ",
        "Otherwise open this page again then, and press “Save evidence”. ",
        button("Add another", opens.another),
      );
      stop = whenBack(() => send(pressed));
    } else {
      told.replaceChildren(
        "You were signed out. All of this is kept on this device until you sign in again. ",
        button("Sign in", opens.again),
      );
    }
  }

  const banner = find("[data-no-connection]", HTMLElement);
  addEventListener("online", () => {
    banner.textContent = "There is a connection again. Files go by themselves; the rest is saved when you press “Save evidence”.";
  });

  form.addEventListener(
    "submit",
    (event) => {
      if (isFresh) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      send(event.submitter);
    },
    { capture: true },
  );
}
