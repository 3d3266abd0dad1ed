/** The colours of the style sheet, for what is drawn on a canvas. */

const DARK = matchMedia('(prefers-color-scheme: dark)');

/** @param {string} name such as `adagrad`, for the custom property `--adagrad` */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** @returns {number[]} red, green and blue of a colour that the style sheet writes as `#rrggbb` */
export function rgb(name) {
  const value = parseInt(colour(name).slice(1), 16);
  return [value >> 16, value >> 8 & 255, value & 255];
}

/** @returns {string} which of its two sets of colours the page has now */
export function scheme() {
  return DARK.matches ? 'dark' : 'light';
}

/** Has something drawn anew when the system turns dark or light. */
export function onSchemeChange(draw) {
  DARK.addEventListener('change', draw);
}
