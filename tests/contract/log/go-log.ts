import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { debianGoPath } from "@/tests/support/go";

/** A log as it goes to and from the Go program: bytes and hashes in base64. */
export interface GoLog {
  readonly Origin: string;
  readonly Vkeys: readonly string[];
  readonly Note: string;
  readonly Entries: readonly string[];
  readonly Tiles: Readonly<Record<string, string>>;
  readonly Inclusion: readonly GoInclusion[];
  readonly Consistency: readonly GoConsistency[];
}
interface GoInclusion {
  readonly Index: number;
  readonly Size: number;
  readonly Root: string;
  readonly Proof: readonly string[] | null;
}
interface GoConsistency {
  readonly OldSize: number;
  readonly Size: number;
  readonly OldRoot: string;
  readonly Root: string;
  readonly Proof: readonly string[] | null;
}
export interface GoVerdict {
  readonly Problems: readonly string[];
  readonly Signers: readonly string[];
  readonly Others: readonly boolean[];
}

export interface GoReader {
  check(log: GoLog & { readonly Others: readonly string[] }): GoVerdict;
  make(origin: string, size: number): GoLog;
  remove(): void;
}

/** Compiles the program beside this file into a folder of its own; no module download, only the distribution's sources. */
export function buildGoReader(): GoReader {
  const folder = mkdtempSync(join(tmpdir(), "slipmark-go-"));
  const program = join(folder, "reader");
  const source = fileURLToPath(new URL("reader/main.go", import.meta.url));
  const env = {
    ...process.env,
    GO111MODULE: "off",
    GOPATH: debianGoPath,
    GOCACHE: join(folder, "cache"),
    GOFLAGS: "",
    GOPROXY: "off",
    CGO_ENABLED: "0",
  };
  const built = spawnSync("go", ["build", "-o", program, source], { env, cwd: folder, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
  const run = (command: string, input: unknown): unknown => {
    const ran = spawnSync(program, [command], {
      input: JSON.stringify(input),
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    if (ran.status !== 0) throw new Error(`reader ${command}: ${ran.stderr}`);
    return JSON.parse(ran.stdout);
  };
  return {
    check: (log) => run("check", log) as GoVerdict,
    make: (origin, size) => run("make", { Origin: origin, Size: size }) as GoLog,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
