import { describe, expect, test } from "vitest";
import { aboutGuardPlace } from "./guard-place";

const at = (guard: string, database?: string) =>
  aboutGuardPlace({ SLIPMARK_DATA: "/srv/slipmark", SLIPMARK_LOG_GUARD: guard, DATABASE_URL: database });

describe("the place of the log's guard", () => {
  test.each(["/srv/slipmark/log-guard.json", "/srv/slipmark/log/guard", "/srv/slipmark/..guard"])(
    "%s goes back with the embedded database, and the start says so",
    (guard) => {
      expect(at(guard)).toContain(`${guard} lies beside the database`);
      expect(at(guard)).toContain("SLIPMARK_LOG_GUARD");
    },
  );

  test.each(["/srv/guard.json", "/srv/slipmark-guard/log.json", "/mnt/other/guard.json"])(
    "%s does not",
    (guard) => expect(at(guard)).toBeNull(),
  );

  test("a database elsewhere is not in that folder", () => {
    expect(at("/srv/slipmark/log-guard.json", "postgresql://db.internal/slipmark")).toBeNull();
  });
});
