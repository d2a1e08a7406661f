/* What is being done shows how far it has come: the part of the page with `data-goes-on` is taken anew from the page
   every two seconds, until it does not go on any more. Without this script one looks again. */

const PAUSE = 2_000; // milliseconds

const part = document.querySelector("[data-goes-on]");
if (part) goOn(part);

/**
 * Waits, and takes the part anew, as long as it goes on.
 * @param {Element} shown the part on this page
 * @returns {Promise<void>}
 */
async function goOn(shown) {
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (document.visibilityState === "hidden" || shown.contains(document.activeElement)) return goOn(shown);
  const now = await asked(shown.id);
  if (!now) return goOn(shown);
  shown.replaceWith(now);
  if (now.hasAttribute("data-goes-on")) return goOn(now);
}

/**
 * The part as it is now; null without a connection, or once somebody else has signed in.
 * @param {string} id
 */
async function asked(id) {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id) : null;
  } catch {
    return null;
  }
}
