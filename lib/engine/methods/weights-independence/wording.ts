import type { Facts } from "../sentences";

/** Controls are numbered from 1 wherever people read; positions count from 0. */
export function controlNumber(f: Facts): number {
  return f.count("position") + 1;
}

/** "1 group", "2 groups". */
export function some(f: Facts, key: string, noun: string): string {
  return `${f.text(key)} ${noun}${f.count(key) === 1 ? "" : "s"}`;
}

/** The verb that goes with a count. */
export function verb(f: Facts, key: string, one: string, several: string): string {
  return f.count(key) === 1 ? one : several;
}
