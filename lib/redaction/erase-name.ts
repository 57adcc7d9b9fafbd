import { eraseName as eraseAccountName } from "@/lib/accounts/erase-name";
import type { Transaction } from "@/lib/platform/database";

/** Takes a public name off its accounts. Returns the pages that showed it: everything these accounts did. */
export async function eraseName(tx: Transaction, name: string): Promise<readonly string[]> {
  const users = await tx.user.findMany({ where: { name }, select: { id: true } });
  const ids = users.map(({ id }) => id);
  const [models, sets, cases] = await Promise.all([
    tx.model.findMany({ where: { registeredById: { in: ids } }, select: { id: true } }),
    tx.canarySet.findMany({
      where: { OR: [{ ownerId: { in: ids } }, { answerSets: { some: { collectorId: { in: ids } } } }] },
      select: { setId: true },
    }),
    tx.case.findMany({
      where: {
        publicId: { not: null },
        OR: [
          { reporterId: { in: ids } },
          { posts: { some: { authorId: { in: ids } } } },
          { events: { some: { actorId: { in: ids } } } },
          { parties: { some: { userId: { in: ids } } } },
        ],
      },
      select: { publicId: true, posts: { where: { authorId: { in: ids } }, select: { id: true } } },
    }),
  ]);
  await eraseAccountName(tx, name);
  return [
    "/",
    "/models",
    "/cases",
    ...models.map(({ id }) => `/models/${id}`),
    "/canaries",
    ...sets.map(({ setId }) => `/canaries/${setId}`),
    ...cases.flatMap((one) => [`/cases/${one.publicId}`, ...one.posts.map(({ id }) => `/evidence/${id}`)]),
  ];
}
