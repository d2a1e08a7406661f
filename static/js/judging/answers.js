/* What an answer to a claim is, before it is sent. */

/** @typedef {"met" | "partly" | "not_yet" | "waiting"} Given */
/**
 * How a claim stands on the page: what it shows, with which reason that was saved, and which was last given.
 * @typedef {{ shown: Given, savedReason: string, givenReason: string }} Shown
 */

/** @type {Record<string, Given>} */
export const KEYS = { m: "met", p: "partly", n: "not_yet" };

/** Whether an answer has a reason of its own. @param {Given} given */
export const takesReason = (given) => given === "not_yet" || given === "partly";

/** Whether an answer cannot be sent: "not yet" says why. @param {Given} given @param {string} typed */
export const wantsReason = (given, typed) => given === "not_yet" && !typed;

/**
 * The reason that goes with an answer. Why it was not met yet is no reason to say that it is; what was said when it
 * was judged met stays.
 * @param {Given} given
 * @param {string} typed
 * @param {Shown} claim
 */
export function reasonFor(given, typed, { shown, savedReason }) {
  if (given !== "met") return typed;
  return shown === "met" ? savedReason : "";
}

/** Whether an answer says something new. @param {Given} given @param {string} reason @param {Shown} claim */
export const isNews = (given, reason, { shown, savedReason }) => given !== shown || reason !== savedReason;

/** Whether a reason was typed that went with no answer. @param {Given} given @param {string} typed @param {Shown} claim */
export const isHalfTyped = (given, typed, { givenReason }) => takesReason(given) && typed !== givenReason;
