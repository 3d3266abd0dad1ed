/**
 * @param {number[]} values
 * @returns {{least: number?, median: number?, most: number?}} all null where there are none
 */
export function quantiles(values) {
  if (values.length === 0) {
    return { least: null, median: null, most: null };
  }
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { least: sorted[0], median, most: sorted[sorted.length - 1] };
}
