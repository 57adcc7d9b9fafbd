import { randomInt } from "node:crypto";

const letters = "bcdfghjkmnpqrstvwxz";

/** A first public name that says nothing about its bearer, e.g. "reader-kvtbm". Changed on the account page. */
export function newPseudonym(): string {
  let tail = "";
  for (let index = 0; index < 5; index++) tail += letters[randomInt(letters.length)];
  return `reader-${tail}`;
}
