/* How many range items of a unit are missing, as its grid stands. assessments/standing/readiness.py has the rule, and
   assessments/grid/range_items.py what is known of the unit; `piecesIn` tells the rows in which an anchor has enough.
   Needs marks.js. */

Countersign.rangeMissing = ({ elements, categories }, piecesIn) => {
  const showing = {}; // by element: the pieces that show a criterion of it
  for (const [element, positions] of Object.entries(elements))
    showing[element] = new Set(positions.flatMap((position) => piecesIn(`performance-${position}`)));

  // An item counts for an element when one piece has both; for one element alone, or none, the item itself is enough.
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
};
