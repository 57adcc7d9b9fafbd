import { PickleMachine } from "./pickle-machine";
import { opcodes } from "./pickle-opcodes";
import type { PyValue } from "./pickle-values";

/**
 * Reads the pickle of a state dict (protocols 2 to 5, PEP 307, 3154 and 574; opcodes as in CPython's pickletools)
 * without running it: only the opcodes that plain data and tensors need, only the globals on the list, and a "call"
 * of one of those makes a record. Anything else throws "malformed-file" and says what was asked for.
 */
export function readPickle(bytes: Uint8Array, path: string): PyValue {
  return new PickleMachine(bytes, path).run(opcodes);
}
