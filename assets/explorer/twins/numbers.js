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
 * Round up to thousandths, so that the number given is enough.
 * @param {number} value
 */
export function atLeast(value) {
  return (Math.ceil(value * 1000 - SLACK) / 1000).toFixed(3);
}

/**
 * Round down to thousandths, so that the number given is not too much.
 * @param {number} value
 */
export function atMost(value) {
  return (Math.floor(value * 1000 + SLACK) / 1000).toFixed(3);
}

// So that 0.07, which may be a little more than 70/1000 when multiplied, is not rounded up to 0.071.
const SLACK = 1e-9;

/**
 * Take a number as it is shown with so many decimals, so that sums of shown numbers are right.
 * @param {number} value
 * @param {number} [digits]
 */
export function asShown(value, digits = 2) {
  return Number(fixed(value, digits));
}

/**
 * Write a threshold as it was set, to four decimals at most.
 * @param {number} value
 */
export function asSet(value) {
  return String(Number(value.toFixed(4)));
}

/**
 * Write a whole number with commas between thousands.
 * @param {number} value
 */
export function counted(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
