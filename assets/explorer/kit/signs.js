/** Numbers with a proper sign. */
import { fixed } from "../twins/numbers.js";

/**
 * Write a number with a minus sign that is not a hyphen.
 * @param {number} value
 * @param {number} digits
 */
export function withMinus(value, digits) {
  return fixed(value, digits).replace("-", "\u2212");
}

/**
 * Write a number with its sign, plus included.
 * @param {number} value
 * @param {number} [digits]
 */
export function signed(value, digits = 2) {
  return `${value < 0 ? "\u2212" : "+"}${fixed(Math.abs(value), digits)}`;
}
