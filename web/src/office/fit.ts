/**
 * How many rows of each group fit a height, so that what does not fit is left out whole and never cut. Groups take
 * turns, the first ones first, and every group has one row before any has two.
 */

export interface Group {
  /** Height that the group costs before its first row (heading, padding, the gap above it). */
  base: number;
  row: number;
  count: number;
  /** No more rows than this, however much room there is. */
  most?: number;
}

/** Rows per group; a group with no room for its first row gets 0 and is left out with its heading. */
export function fitRows(height: number, groups: readonly Group[]): number[] {
  const rows = groups.map(() => 0);
  let left = height;
  for (let round = 0; ; round += 1) {
    let given = false;
    for (const [index, group] of groups.entries()) {
      const cost = round === 0 ? group.base + group.row : group.row;
      const wants = rows[index] === round && round < Math.min(group.count, group.most ?? group.count);
      if (!wants || cost > left) continue;
      rows[index] = round + 1;
      left -= cost;
      given = true;
    }
    if (!given) return rows;
  }
}

/** As `fitRows`, but with fewer groups rather than with fewer than `least` rows in one; the last group always stays. */
export function fitGroups(height: number, groups: readonly Group[], least: number): number[] {
  const last = groups.at(-1);
  for (let count = groups.length - 1; last && count > 0; count -= 1) {
    const rows = fitRows(height, [...groups.slice(0, count), last]);
    const full = rows.slice(0, count).every((row, index) => row >= Math.min(least, groups[index]!.count));
    if (full) return [...rows.slice(0, count), ...groups.slice(count, -1).map(() => 0), rows[count]!];
  }
  return fitRows(height, groups);
}
