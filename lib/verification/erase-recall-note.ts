import { methodSlug } from "@/lib/engine/methods/about";
import type { Transaction } from "@/lib/platform/database";

/** Takes the words of a recall away; that and why it was recalled stays. `name` is "method@version". */
export async function eraseRecallNote(tx: Transaction, name: string): Promise<readonly string[]> {
  const [method = "", version = ""] = name.split("@");
  await tx.methodRecall.updateMany({ where: { method, version, note: { not: null } }, data: { note: null } });
  return ["/methods", `/methods/${methodSlug(method)}`];
}
