/* The criteria of a folded unit come when it is unfolded: `<details data-unfolds="its uuid">` has none of them yet, only a
   link that leads to a page with them. What was ticked meanwhile stays. */

import { find } from "../dom.js";

/**
 * Brings the criteria of these units from one page of the server's. What could not be brought keeps its link.
 * @param {HTMLDetailsElement[]} folds
 * @returns {Promise<void>}
 */
export async function bring(folds) {
  if (!folds.length) return;
  const address = new URL(location.href);
  for (const fold of folds) address.searchParams.append("unfolded", fold.dataset.unfolds ?? "");
  for (const fold of folds) fold.setAttribute("aria-busy", "true");
  const page = await asked(address);
  for (const fold of folds) {
    fold.removeAttribute("aria-busy");
    if (!fold.dataset.unfolds) continue; // it came by another way meanwhile
    const fresh = page?.getElementById(fold.id);
    if (!fresh) {
      const link = find("[role=status] > a", HTMLAnchorElement, fold);
      link.parentElement?.replaceChildren("Not reached: there is no connection, or you are signed out. ", link);
      continue;
    }
    const summary = find("summary", HTMLElement, fold);
    find("summary", HTMLElement, fresh).remove();
    fold.replaceChildren(summary, ...fresh.childNodes);
    delete fold.dataset.unfolds;
  }
}

/** The page at this address; null without a connection, or once somebody else has signed in. @param {URL} address */
async function asked(address) {
  try {
    const answer = await fetch(address, { redirect: "error" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** The units of the page without their criteria. */
export function notHere() {
  return /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details[data-unfolds]")]);
}

for (const fold of notHere())
  fold.addEventListener("toggle", () => {
    if (fold.open && fold.dataset.unfolds && !fold.hasAttribute("aria-busy")) bring([fold]);
  });
