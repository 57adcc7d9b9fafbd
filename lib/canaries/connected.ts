import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { provedNamespaces } from "./namespaces";

/**
 * Whether somebody is connected with the author of a set as far as we can know: they are the author, registered its
 * model, or speak for its namespace. Answers that they collect are theirs to write.
 */
export async function isConnected(
  db: Database | Transaction,
  set: Pick<CanarySet, "ownerId" | "modelId" | "namespaceKind" | "namespaceName">,
  userId: string,
): Promise<boolean> {
  if (userId === set.ownerId) return true;
  if (set.modelId !== null) {
    const model = await db.model.findUnique({ where: { id: set.modelId }, select: { registeredById: true } });
    if (model?.registeredById === userId) return true;
  }
  const [theirs, authors] = await Promise.all([
    provedNamespaces(db, userId),
    provedNamespaces(db, set.ownerId),
  ]);
  const names = new Set(
    [...authors.map(({ name }) => name), ...(set.namespaceName === null ? [] : [set.namespaceName])].map(
      (name) => name.toLowerCase(),
    ),
  );
  return theirs.some(({ name }) => names.has(name.toLowerCase()));
}
