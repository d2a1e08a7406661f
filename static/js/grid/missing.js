/* How many criteria of a unit are missing, as its grid stands. assessments/standing/readiness.py has the
   rule, and assessments/grid/range_items.py what is known of the unit. */

/** @typedef {{ items: number[], elements: (string | number)[], least: number }} Category */
/** @typedef {{ elements: Record<string, number[]>, categories: Category[], hidden: Record<string, number[]> }} Range */

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
 * @param {Pick<Range, "elements" | "categories">} range
 * @param {(anchor: string) => number[]} piecesIn the rows in which there is enough for a criterion of the unit
 */
export function rangeItemsMissing({ elements, categories }, piecesIn) {
  /** @type {Record<string, Set<number>>} by element: the pieces that show a criterion of it */
  const showing = {};
  for (const [element, positions] of Object.entries(elements))
    showing[element] = new Set(positions.flatMap((position) => piecesIn(`performance-${position}`)));

  // An item counts for an element when one piece has both; for one element alone, or none, the item itself is enough.
  /** @type {(item: number, element: string | number, isOneOfSeveral: boolean) => boolean} */
  const lacks = (item, element, isOneOfSeveral) => {
    const pieces = piecesIn(`range-${item}`);
    return isOneOfSeveral ? !pieces.some((piece) => showing[element]?.has(piece)) : !pieces.length;
  };

  const missing = new Set();
  for (const { items, elements: where, least } of categories)
    for (const element of where.length ? where : [""]) {
      const lacking = items.filter((item) => lacks(item, element, where.length > 1));
      if (items.length - lacking.length < least) for (const item of lacking) missing.add(item);
    }
  return missing.size;
}
