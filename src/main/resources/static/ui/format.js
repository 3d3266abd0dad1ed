/** Numbers and times as people read them. */

const DIGITS = 4;

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

const UNITS = [['second', 1], ['minute', 60], ['hour', 3600], ['day', 86_400]];

/** @returns {string} with few digits */
export function number(value) {
  return String(Number(value.toPrecision(DIGITS)));
}

/** @returns {string} with a comma after each three digits */
export function whole(value) {
  return value.toLocaleString('en');
}

/** @returns {string} such as `3 min. ago` */
export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  const [unit, length] = UNITS.findLast(([, length]) => seconds >= length) ?? UNITS[0];
  return RELATIVE.format(-Math.floor(seconds / length), unit);
}

/** @returns {string} such as `14:03:59` */
export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en', { hour12: false });
}
