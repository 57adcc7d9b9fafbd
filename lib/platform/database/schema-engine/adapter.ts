import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlQuery,
} from "@prisma/driver-adapter-utils";
import { Pool } from "pg";

/** PostgreSQL's one-byte "char", which the catalogue queries return and adapter-pg does not know. */
const charOid = 18;
const textOid = 25;

interface QueryResult {
  readonly fields: { dataTypeID: number }[];
}

/** adapter-pg's adapter, with the method its `queryRaw` goes through. */
interface Adapter extends SqlDriverAdapter {
  performIO(query: SqlQuery): Promise<QueryResult>;
}

/**
 * adapter-pg made fit for the schema engine:
 * - scripts are sent whole (its own `executeScript` splits on every `;`, also inside function bodies),
 * - columns of OID 18 are labelled as characters,
 * - the shadow really is another database (with a connection string its own shadow is the main database),
 * - one connection, because the engine relies on session state.
 */
export function schemaEngineAdapter(url: string): object {
  return bindMigrationAwareSqlAdapterFactory({
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: async () => (await connectTo(url)).adapter,
    connectToShadowDb: async () => {
      const name = `slipmark_shadow_${randomUUID().replaceAll("-", "")}`;
      const admin = await connectTo(url);
      await admin.pool.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
      const address = new URL(url);
      address.pathname = `/${name}`;
      const shadow = await connectTo(address.href);
      shadow.adapter.dispose = async () => {
        await shadow.pool.end();
        await admin.pool.query(`DROP DATABASE "${name}"`);
        await admin.pool.end();
      };
      return shadow.adapter;
    },
  });
}

async function connectTo(connectionString: string): Promise<{ adapter: Adapter; pool: Pool }> {
  const pool = new Pool({ connectionString, max: 1 });
  const factory = new PrismaPg(pool, { disposeExternalPool: true });
  const adapter = (await factory.connect()) as unknown as Adapter;
  const queryRaw = adapter.queryRaw;
  adapter.executeScript = async (script) => {
    await pool.query(script);
  };
  adapter.queryRaw = async (query) => {
    const characters: number[] = [];
    const performIO = async (asked: SqlQuery): Promise<QueryResult> => {
      const result = await adapter.performIO(asked);
      for (const [index, field] of result.fields.entries()) {
        if (field.dataTypeID !== charOid) continue;
        characters.push(index);
        field.dataTypeID = textOid;
      }
      return result;
    };
    const relabelling: Adapter = Object.create(adapter, { performIO: { value: performIO } });
    const result = await queryRaw.call(relabelling, query);
    for (const index of characters) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  return { adapter, pool };
}
