/* How many criteria of a unit are missing, as its grid stands. assessments/standing/readiness.py has the
   rule, and assessments/grid/range_items.py what is known of the unit. */

/** @typedef {{ items: number[], elements: (string | number)[], least: number, performance?: (string | number)[] }} Category */
/** @typedef {{ elements: Record<string, number[]>, categories: Category[], supplementary?: number[], hidden: Record<string, number[]> }} Range */

/**
 * How many columns lack something. A range item may have to be shown for several elements.
 * @param {string[]} anchors of the columns
 * @param {(anchor: string) => boolean} isEnough whether a criterion is shown
 * @param {(anchor: string) => number[]} piecesIn the rows in which there is enough for a criterion of the page
 * @param {Range | null} range what is known of the unit, where it has range items
 */
export function missing(anchors, isEnough, piecesIn, range) {
  const plain = anchors.filter((anchor) => !anchor.startsWith("range-") && !isEnough(anchor)).length;
  if (!range) return plain;
  return plain + rangeItemsMissing(range, (anchor) => (anchors.includes(anchor) ? piecesIn(anchor) : (range.hidden[anchor] ?? [])));
}

/**
 * How many range items are missing.
 * @param {Omit<Range, "hidden">} range
 * @param {(anchor: string) => number[]} piecesIn the rows in which there is enough for a criterion of the unit
 */
export function rangeItemsMissing({ elements, categories, supplementary = [] }, piecesIn) {
  /** @type {Record<string, Set<number>>} by element: the pieces that show a criterion of it */
  const showing = {};
  for (const [element, positions] of Object.entries(elements))
    showing[element] = new Set(positions.flatMap((position) => piecesIn(`performance-${position}`)));

  // An item counts for an element when one piece has both; for one element alone, or none, the item itself is enough.
  // Some categories are shown by performance evidence only.
  /** @type {(item: number, element: string | number, category: Category) => boolean} */
  const lacks = (item, element, category) =>
    !piecesIn(`range-${item}`).some(
      (piece) =>
        (category.elements.length < 2 || showing[element]?.has(piece)) &&
        !(category.performance?.includes(element) && supplementary.includes(piece)),
    );

  const missing = new Set();
  for (const category of categories)
    for (const element of category.elements.length ? category.elements : [""]) {
      const lacking = category.items.filter((item) => lacks(item, element, category));
      if (category.items.length - lacking.length < category.least) for (const item of lacking) missing.add(item);
    }
  return missing.size;
}
