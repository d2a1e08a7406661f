/* Takes presses to the server. */

import { freshen } from "../token.js";

/** @import { Answer } from "./sending.js" */
/** @import { Press } from "./unsent.js" */

const PATIENCE = 20_000; // milliseconds

/**
 * Posts them to `data-marks` of `root`, in the name of `data-person`, with the token of its form.
 * @param {HTMLElement} root
 * @param {Press[]} presses
 * @returns {Promise<Answer>}
 * @throws where there is no connection, or no answer in time
 */
export async function post(root, presses, isFirst = true) {
  const token = /** @type {HTMLInputElement} */ (root.querySelector("[name=csrfmiddlewaretoken]"));
  const { marks = "", person } = root.dataset;
  const response = await fetch(marks, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
    body: JSON.stringify({
      person,
      marks: presses.map(({ e, c, to, reason, seen }) => ({ e, c, to, reason, seen })),
    }),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.type === "opaqueredirect") return { status: 401 };
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const body = isJson ? await response.json() : null;
  if (body?.old_page && isFirst) return (await freshen(token)) ? post(root, presses, false) : { status: 401 };
  return { status: response.status, body };
}
