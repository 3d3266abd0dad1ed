/** Powers of ten, for an axis with a logarithmic scale. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** More numbers than this beside an axis are hard to read. */
const MOST = 5;

/** @returns {[number, number]} the powers of ten around what is shown, at least one apart */
export function decadesAround(least, most) {
  if (!(least > 0) || !(most > 0)) {
    return [0.1, 10];
  }
  const low = Math.floor(Math.log10(least)), high = Math.ceil(Math.log10(most));
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

/** @returns {number[]} powers of ten from the one to the other, evenly apart */
export function decadesBetween(least, most) {
  const low = Math.round(Math.log10(least)), high = Math.round(Math.log10(most));
  const stride = Math.ceil((high - low) / MOST);
  return Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => 10 ** (low + i * stride));
}

/** @returns {string} such as `0.01` or `10⁻⁷` */
export function powerOfTen(value) {
  const exponent = Math.round(Math.log10(value));
  if (exponent >= -3 && exponent <= 4) {
    return String(Number((10 ** exponent).toPrecision(1)));
  }
  const digits = [...String(Math.abs(exponent))].map(digit => SUPERSCRIPTS[digit]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}
