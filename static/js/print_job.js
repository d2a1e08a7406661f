/* How far a print of many forms is: `<div id="job" data-goes-on>` is asked for again until it has ended.
   Without this script one looks again. */

const EVERY = 2_000; // milliseconds

const job = document.getElementById("job");
if (job?.hasAttribute("data-goes-on")) lookAgain(job);

/**
 * Puts what the page says now in its place, every two seconds. The bar, the words and what failed are exchanged
 * one by one as they change, so that nothing is read out that was said already, and no button loses its focus.
 * @param {HTMLElement} shown what this page says of the job
 * @returns {Promise<void>}
 */
async function lookAgain(shown) {
  await new Promise((resolve) => setTimeout(resolve, EVERY));
  const now = document.hidden ? null : await asked();
  if (!now) return lookAgain(shown);
  const parts = [...now.children]; // which one by one leave the page that was asked for
  if (!now.hasAttribute("data-goes-on") || parts.length !== shown.children.length) shown.replaceWith(now);
  else {
    [...shown.children].forEach((part, place) => {
      const next = parts[place];
      if (next && !part.matches("form") && part.outerHTML !== next.outerHTML) part.replaceWith(next);
    });
  }
  const still = document.getElementById("job");
  if (still?.hasAttribute("data-goes-on")) return lookAgain(still);
}

/** The job as it is now; null without a connection, or once somebody else has signed in. */
async function asked() {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    return answer.ok
      ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("job")
      : null;
  } catch {
    return null;
  }
}
