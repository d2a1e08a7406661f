/* The token that proves to the server that a page is ours. */

/**
 * Brings it up to date: signing in again, in another tab, changes it. Gives false for who is signed out, and where
 * the page now is that of somebody else than this person. Rejects without a connection.
 * @param {HTMLInputElement} token
 * @param {string} [person] of `data-person`, on a page that has it
 */
export async function freshen(token, person) {
  const response = await fetch(location.href, { redirect: "manual" });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = /** @type {HTMLInputElement | null} */ (page.querySelector("main [name=csrfmiddlewaretoken]"));
  const whose = /** @type {HTMLElement | null} */ (page.querySelector("[data-person]"))?.dataset.person;
  if (person && whose !== person) return false;
  if (fresh) token.value = fresh.value;
  return fresh !== null;
}
