/* What a press in the grid does, by how the cell stands. The server decides again: assessments/cells/changes.py. */

/** @import { Standing } from "../statuses.js" */

/** @typedef {"claim" | "judge" | "read"} Acts  what the person may do in this grid */
/** @typedef {Exclude<Standing, "barred">} Wanted */
/** @typedef {"met" | "partly" | "not_yet"} Outcome */

/** @type {readonly Standing[]} */
export const OUTCOMES = ["met", "partly", "not_yet"];

/**
 * Whether a cell that stands so may be made to stand as is wanted.
 * @param {Acts} acts
 * @param {Standing} standing
 * @param {Wanted} wanted
 * @param {Standing} atHand how the cell with the focus stands
 */
export function may(acts, standing, wanted, atHand) {
  if (standing === wanted && wanted !== "not_yet") return false; // a "not yet" may get another reason
  if (acts === "claim") return wanted === "claimed" ? standing === "empty" : wanted === "empty" && standing !== "empty";
  if (acts !== "judge" || standing === "barred") return false;
  if (wanted === "empty") return standing === "claimed";
  // Several at once are claimed, or their judgements taken back, as the one at hand is: never both.
  if (wanted === "claimed") return (standing === "empty") === (atHand === "empty");
  return standing !== "empty";
}

/**
 * Why that may not be, in a sentence.
 * @param {Acts} acts
 * @param {Standing} standing
 * @param {Wanted} wanted
 * @param {(standing: Standing) => string} words
 * @param {string} candidate what the centre calls them
 */
export function whyNot(acts, standing, wanted, words, candidate) {
  if (acts === "read") return "You can look at this grid, and not change it.";
  if (standing === "barred") return "This unit does not take this evidence for it. Open it to see why.";
  if (acts === "judge" && standing === "empty")
    return `Nobody has claimed this yet. Press space to claim it for the ${candidate}, then judge it.`;
  return standing === wanted ? `It is “${words(standing)}” already.` : "That cannot be done here.";
}

/**
 * What space wants: it claims what is empty and takes back what waits; an assessor answers "met", and takes that back.
 * @param {Acts} acts
 * @param {Standing} standing
 * @returns {Wanted}
 */
export function spaceWants(acts, standing) {
  if (standing === "empty") return "claimed";
  if (acts === "judge") return standing === "met" ? "claimed" : "met";
  return "empty";
}

/**
 * What the server is asked for: taking a judgement back leaves a claim that waits.
 * @param {Standing} standing
 * @param {Standing} wanted
 */
export const asked = (standing, wanted) => (wanted === "claimed" && standing !== "empty" ? "waiting" : wanted);

/**
 * What undoing a press wants; null where it has to be said again why the criterion is not met.
 * @param {Acts} acts
 * @param {{ from: Standing, reason: string }} pressed how the cell stood before, with the reason given then
 * @returns {{ wanted: Standing, reason: string } | null}
 */
export function undoWants(acts, { from, reason }) {
  // What was said of a claim that was taken back stays lost.
  if (acts === "claim") return { wanted: from === "empty" ? "empty" : "claimed", reason: "" };
  if (from !== "not_yet") return { wanted: from, reason: "" };
  return reason ? { wanted: from, reason } : null;
}
