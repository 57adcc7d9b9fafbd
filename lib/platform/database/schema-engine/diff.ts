import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readMigrations } from "../migrations/read-migrations";
import { schemaEngineAdapter } from "./adapter";
import { loadSchemaEngine } from "./load";

/**
 * The SQL that leads from the written migrations to prisma/schema; null when they agree.
 * `url`: a server on which a shadow database may be made for a moment.
 */
export async function migrationsToSchema(url: string, root: string): Promise<string | null> {
  const schemaFolder = join(root, "prisma/schema");
  const baseDir = join(root, "prisma/migrations");
  const names = (await readdir(schemaFolder)).filter((name) => name.endsWith(".prisma")).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(schemaFolder, name);
      return { path, content: await readFile(path, "utf8") };
    }),
  );
  const migrations = await readMigrations(baseDir);
  const engine = await loadSchemaEngine(schemaEngineAdapter(url));
  try {
    const difference = {
      from: {
        tag: "migrations" as const,
        baseDir,
        lockfile: { path: "migration_lock.toml", content: lockfile },
        shadowDbInitScript: "",
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
        })),
      },
      to: { tag: "schemaDatamodel" as const, files },
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    };
    const { exitCode, stdout } = await engine.diff({ ...difference, script: true });
    return exitCode === 2 ? (stdout ?? "") : null;
  } finally {
    engine.free();
  }
}

/** Prisma's own marker of the provider, beside the migrations. */
export const lockfile = `# Kept in version control: names the provider the migrations are written for.
provider = "postgresql"
`;
