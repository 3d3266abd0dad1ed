/**
 * @param {number[]} values
 * @returns {{best: number?, median: number?, worst: number?}} all null where there are none
 */
export function quantiles(values) {
  if (values.length === 0) {
    return { best: null, median: null, worst: null };
  }
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { best: sorted[0], median, worst: sorted[sorted.length - 1] };
}
