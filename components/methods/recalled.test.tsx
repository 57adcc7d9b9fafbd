import { describe, expect, it } from "vitest";
import { RunLines } from "@/components/case/run-lines";
import { RedactionNote } from "@/components/log/redaction-note";
import { MethodsTable } from "@/components/result/methods-table";
import { locales } from "@/i18n/locales";
import type { CaseRunDto } from "@/lib/cases";
import type { MethodResult } from "@/lib/engine/result/document";
import { redactionReasons } from "@/lib/ledger";
import { recallReasons } from "@/lib/verification";
import { rendered } from "@/tests/support/rendered";
import { RecalledVersions } from "./recalled-versions";

const run: CaseRunDto = {
  id: "run_1",
  claimId: null,
  methods: ["lineage"],
  state: "finished",
  createdAt: "2026-03-01T08:00:00.000Z",
  finishedAt: "2026-03-01T08:00:00.000Z",
  digest: null,
  relation: "inconclusive",
  says: { lineage: "not-declared" },
  failureCode: null,
  redacted: false,
  recalled: [],
};
const method = (id: string, version: string) =>
  ({
    method: id,
    version,
    says: "not-declared",
    kind: "descriptive",
    pValueLog10: null,
  }) as unknown as MethodResult;

describe.each(locales)("%s", (locale) => {
  it("strikes a run's line through when a recalled version had a part in it, and only then", () => {
    expect(rendered(locale, <RunLines runs={[run]} method="lineage" />)).not.toContain("<s>");
    const struck = rendered(
      locale,
      <RunLines runs={[{ ...run, recalled: ["lineage@1"] }]} method="lineage" />,
    );
    expect(struck.match(/<s>/g)).toHaveLength(2);
    expect(struck).toContain("lineage@1");
  });

  it("strikes the recalled method's row through, and no other", () => {
    const table = rendered(
      locale,
      <MethodsTable methods={[method("lineage", "1"), method("identity", "2")]} recalled={["lineage@1"]} />,
    );
    expect(table.match(/<s>/g)).toHaveLength(2);
    expect(table).toContain("<s>lineage@1</s>");
    expect(table).not.toContain("<s>identity@2</s>");
  });

  it.each(recallReasons)("has words for a recall because of %s", (reason) => {
    const recalled = {
      id: "rcl_1",
      method: "code",
      version: "1",
      reason,
      note: "Its own words.",
      at: run.createdAt,
    };
    const shown = rendered(locale, <RecalledVersions recalled={[recalled]} named />);
    expect(shown).toContain("<s>code@1</s>");
    expect(shown).toContain("Its own words.");
  });

  it.each(redactionReasons)("has words for a redaction because of %s", (reason) => {
    expect(rendered(locale, <RedactionNote redaction={{ at: run.createdAt, reason }} />)).toContain("2026");
  });
});
