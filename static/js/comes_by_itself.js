/* What is being prepared comes by itself: `<div data-comes-by-itself>` stands on the page as long as it is not there.
   Then the head of the page, which leads to it, is put in its place. Where the address of the page itself becomes a file
   (`data-comes-as-a-file`), it is taken. Without this script one looks again. */

const PATIENCE = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000]; // milliseconds

const note = document.querySelector("[data-comes-by-itself]");
if (note) lookAgain(note, 0);

const file = document.querySelector("[data-comes-as-a-file]");
if (file) takeWhenThere(file, 0);

/**
 * Asks for the page again, after a while each time.
 * @param {Element} shown the note on this page
 * @param {number} times how often it was asked for already
 * @returns {Promise<void>}
 */
async function lookAgain(shown, times) {
  const wait = PATIENCE[times];
  if (wait === undefined) return; // the link stays
  await new Promise((resolve) => setTimeout(resolve, wait));
  const page = await asked();
  const still = page?.querySelector("[data-comes-by-itself]");
  if (!page || still) return lookAgain(shown, times + 1);
  const head = page.querySelector(".page-head");
  if (head) document.querySelector(".page-head")?.replaceWith(head);
  shown.textContent = shown.getAttribute("data-comes-by-itself");
}

/**
 * Asks after a while each time whether the file is there, and takes it.
 * @param {Element} shown the note on this page
 * @param {number} times how often it was asked for already
 * @returns {Promise<void>}
 */
async function takeWhenThere(shown, times) {
  const wait = PATIENCE[times];
  if (wait === undefined) return; // the link stays
  await new Promise((resolve) => setTimeout(resolve, wait));
  if (!(await isFile())) return takeWhenThere(shown, times + 1);
  shown.firstChild?.replaceWith(`${shown.getAttribute("data-comes-as-a-file")} `);
  location.reload(); // it is kept, and the page stays
}

/** Whether the address is a file by now; not without a connection, or once somebody else has signed in. */
async function isFile() {
  const begun = new AbortController();
  try {
    const answer = await fetch(location.href, { redirect: "error", signal: begun.signal });
    const type = answer.headers.get("Content-Type") ?? "";
    begun.abort(); // the browser takes it itself
    return answer.ok && !type.startsWith("text/html");
  } catch {
    return false;
  }
}

/** The page as it is now; null without a connection, or once somebody else has signed in. */
async function asked() {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}
