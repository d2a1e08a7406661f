/* Shows a page that the browser remembers to nobody but the person it was made for.

   Going back, a browser shows a page as it was left, or builds it anew from its own store, and asks nobody: after
   signing out too. So a page is hidden when it is left, and when it comes back the server is asked first. Who only
   reads gets the page anew; where something may have been typed, the page stays as it is for the same person.

   The one script that is no module. A module runs when all of the page is read, and by then a page of somebody else
   would have been seen; this one stops the reading in the head, and reads from its own tag whose page it is. */

(() => {
  const { whose, address = "", answer } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const root = document.documentElement;
  const PATIENCE = 3; // seconds without a word
  const LIMIT = 15; // seconds for the answer
  const [came] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  let isBack = came?.type === "back_forward";
  /** @type {HTMLElement | null} */
  let notice = null;
  let isGone = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const hide = () => root.classList.add("is-unasked");

  function show() {
    clearTimeout(timer);
    notice?.remove();
    notice = null;
    root.classList.remove("is-unasked");
  }

  /* Where something may have been typed, or was sent: that page cannot be had again. One with `data-anew` on its root
     has saved what was done on it, and shows how that stands. */
  const isKept = () =>
    !isBack ||
    (root.dataset.anew === undefined &&
      (answer !== undefined || document.querySelector("main :is(textarea, select, input:not([type=hidden]))") !== null));

  /** Stands in the place of the page; nothing of it is seen. @param {string} words */
  function tell(words) {
    notice?.remove();
    notice = document.createElement("div");
    notice.className = "unasked alert alert-warning";
    notice.setAttribute("role", "alert");
    const said = document.createElement("p");
    said.textContent = words;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-outline-secondary";
    again.textContent = "Try again";
    again.addEventListener("click", ask);
    notice.append(said, again);
    document.body.append(notice);
  }

  /* Somebody else's page gives way to what the server shows who is there now; nothing asks to stay on it. */
  function goAway() {
    isGone = true;
    location.replace(location.href.split("#")[0]);
  }

  async function ask() {
    hide();
    clearTimeout(timer);
    timer = setTimeout(() => tell("Asking whether you are still signed in. This page is shown as soon as that is known."), PATIENCE * 1000);
    if (!isKept() && navigator.onLine) return location.reload();
    let now = null;
    try {
      const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(LIMIT * 1000) });
      if (response.ok) now = (await response.json()).whose;
    } catch {
      // no connection, or no answer in time
    }
    if (now === null) {
      clearTimeout(timer);
      return tell("There is no connection, so this page cannot ask whether you are still signed in. It is hidden until it can; nothing that was typed on it is lost.");
    }
    if (now !== whose) return goAway();
    return isKept() ? show() : location.reload();
  }

  addEventListener("beforeunload", (event) => {
    if (isGone) event.stopImmediatePropagation();
  });
  addEventListener("pagehide", hide);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isBack = true;
    ask();
  });
  addEventListener("online", () => {
    if (notice) ask();
  });

  // Not kept as it was, but built anew from what the browser has stored: known once all is read. A tab that the browser
  // opens again after a restart is built like that, too.
  if (isBack) hide();
  if (came && came.type !== "reload")
    addEventListener("DOMContentLoaded", () => {
      if (isBack ? !came.transferSize : came.transferSize === 0) ask();
      else show();
    });
})();
