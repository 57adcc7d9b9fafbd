import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

type EngineModule = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");
export type SchemaEngine = EngineModule["SchemaEngine"]["prototype"];

/** The engine calls this global before it panics; without it the message is lost. */
const panics = { message: "", set_message: (message: string) => (panics.message = message) };

/**
 * Prisma's schema engine as WebAssembly. The package's own entry uses `import "*.wasm"`, which Node does not run
 * without a flag, so the module is instantiated by hand. Nothing is downloaded.
 */
export async function loadSchemaEngine(adapterFactory: object): Promise<SchemaEngine> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics });
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const glue: EngineModule = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = await readFile(join(dirname(entry), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, {
    "./schema_engine_bg.js": glue as unknown as WebAssembly.ModuleImports,
  });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapterFactory);
}
