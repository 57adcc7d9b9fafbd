import type { Transaction } from "@/lib/platform/database";
import { newPseudonym } from "./pseudonym";

/** Gives every account of this public name a fresh pseudonym, deleted ones too: the name itself has to go. */
export async function eraseName(tx: Transaction, name: string): Promise<void> {
  const users = await tx.user.findMany({ where: { name }, select: { id: true } });
  for (const { id } of users) await tx.user.update({ where: { id }, data: { name: newPseudonym() } });
}
