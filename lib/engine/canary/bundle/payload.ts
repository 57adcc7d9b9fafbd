import { sha256 } from "../../log/hashing";
import { bytesOfHex, concat, hex, u64be, utf8 } from "../bytes";

const label = utf8("slipmark/payload/v1\n");

/** SHA-256("slipmark/payload/v1\n" ‖ salt ‖ u64be(length) ‖ text), in hex: how a statement of the log names a payload. */
export function payloadSha256(salt: string, text: string): string {
  const bytes = utf8(text);
  return hex(
    sha256(concat(label, bytesOfHex(salt, 32, "The salt", "bad-answers"), u64be(bytes.length), bytes)),
  );
}
