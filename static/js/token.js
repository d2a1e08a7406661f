/* The token that proves to the server that a page is ours. */

/**
 * Brings it up to date: signing in again, in another tab, changes it. Gives false for who is signed out.
 * @param {HTMLInputElement} token
 */
export async function freshen(token) {
  const response = await fetch(location.href, { redirect: "manual" });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = /** @type {HTMLInputElement | null} */ (page.querySelector("main [name=csrfmiddlewaretoken]"));
  if (fresh) token.value = fresh.value;
  return fresh !== null;
}
