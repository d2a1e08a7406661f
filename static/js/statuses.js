/* How a claim can stand, as the server says it in `data-statuses`: assessments/models/status.py. */

/** @typedef {"met" | "claimed" | "partly" | "not_yet" | "barred" | "empty"} Standing */
/** @typedef {{ words: string, letter: string, shape: string, rank: number }} Status */

/**
 * The statuses by value, the best first.
 * @param {HTMLElement} root has `data-statuses`
 * @returns {Map<Standing, Status>}
 */
export function statusesOf(root) {
  /** @type {Record<Standing, Status>} */
  const told = JSON.parse(root.dataset.statuses ?? "{}");
  const found = /** @type {[Standing, Status][]} */ (Object.entries(told));
  return new Map(found.sort(([, one], [, other]) => one.rank - other.rank));
}
