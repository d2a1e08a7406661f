/* What a file tells of itself, so that it need not be typed: the day, what kind of evidence it is, and a description. */

/** Names that a camera or a recorder gives: they say nothing to anybody. */
const GIVEN_BY_A_DEVICE =
  /^(img|image|photo|pic|picture|dsc[nf]?|dscn|pxl|mvi|mov|vid|video|film|rec|recording|new recording|voice|audio|aud|memo|screenshot|scan|document|file|untitled)?[\s_.()-]*[\d\s_.()-]*$/i;
const MEDIA = { image: "Photo", audio: "Recording", video: "Film" };
const KINDS = { image: "photo" }; // sound and film ask: at work, or telling of it?

/**
 * Suggests what can be known of a file.
 * @param {{ name: string, type: string, lastModified: number }} file
 * @param {number} now milliseconds
 * @returns {{ title: string, day: string, kind: string, medium: string }} texts, empty where nothing is known
 */
export function suggested({ name, type, lastModified }, now) {
  const medium = type.split("/")[0];
  const moment = new Date(lastModified);
  const isKnown = lastModified > 0 && lastModified <= now;
  const stem = name.replace(/\.[^.]{1,10}$/, "").replaceAll("_", " ").trim();
  const what = MEDIA[/** @type {keyof typeof MEDIA} */ (medium)];
  const when = isKnown ? `, ${moment.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })}` : "";
  return {
    title: GIVEN_BY_A_DEVICE.test(stem) ? (what ? `${what}${when}` : "") : stem,
    day: isKnown ? dayOf(moment) : "",
    kind: KINDS[/** @type {keyof typeof KINDS} */ (medium)] ?? "",
    medium,
  };
}

/** @param {Date} moment */
function dayOf(moment) {
  const digits = (/** @type {number} */ number) => `${number}`.padStart(2, "0");
  return `${moment.getFullYear()}-${digits(moment.getMonth() + 1)}-${digits(moment.getDate())}`;
}
