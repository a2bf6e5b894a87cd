/** Numbers in words, rounded as Python rounds them. */

/**
 * Write a number with so many decimals. A tie goes to the even digit, where `toFixed` goes up.
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  const isTie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1; // only halves of that kind can tie
  if (!isTie) return value.toFixed(digits);
  const below = Math.floor(value * 10 ** digits);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
}

/**
 * Round up to hundredths, so that the number given is enough.
 * @param {number} value
 */
export function atLeast(value) {
  return (Math.ceil(value * 100 - SLACK) / 100).toFixed(2);
}

/**
 * Round down to hundredths, so that the number given is not too much.
 * @param {number} value
 */
export function atMost(value) {
  return (Math.floor(value * 100 + SLACK) / 100).toFixed(2);
}

// So that 0.07, which is a little more than 7/100 when multiplied, is not rounded up to 0.08.
const SLACK = 1e-9;

/**
 * Write a whole number with commas between thousands.
 * @param {number} value
 */
export function counted(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
