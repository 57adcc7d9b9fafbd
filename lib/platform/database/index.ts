import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "./generated/client";

export type Database = PrismaClient;
/** What a command's transaction callback gets. */
export type Transaction = Prisma.TransactionClient;

/** A client over its own small pool. One per process. */
export function connect(url: string, options: { readonly max?: number } = {}): Database {
  return new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: url, max: options.max ?? 10 },
      { statementNameGenerator: ({ sql }) => preparedAs.exec(sql)?.[1] ?? "" },
    ),
  });
}

/**
 * A statement that begins with such a comment is parsed and planned once on each connection, under that name. For the
 * few whose planning costs more than their work; their text must be the same every time.
 */
const preparedAs = /^\s*\/\* prepared: ([a-z-]+) \*\//;
