import { expect, test } from "vitest";
import { leafKinds } from "@/lib/engine/log/leaf";
import { statementSchemas } from "@/lib/ledger/server";

/** The closed list of the leaf's "kind", as the design of the log has it. */
const kinds =
  "register|commit|responses|reveal|capture|open|notify|state|claim|evidence|reply|request|verify|reproduce|finding|outcome|correct|withdraw|supersede|observe|namespace|moderate|appeal|recall|tombstone|rotate".split(
    "|",
  );

test("the leaf knows these kinds and no others", () => {
  expect([...leafKinds].sort()).toEqual([...kinds].sort());
});

test("every kind has a published schema of its predicate, which demands a salt and an actor", () => {
  const published = statementSchemas();
  expect([...published.keys()].sort()).toEqual(kinds.map((kind) => `statement.${kind}.v1.json`).sort());
  for (const kind of kinds) {
    const schema = JSON.parse(published.get(`statement.${kind}.v1.json`) ?? "{}");
    expect(schema.$id).toBe(`urn:slipmark:statement:${kind}:v1`);
    for (const shape of schema.anyOf ?? [schema]) {
      expect(shape).toMatchObject({ type: "object", additionalProperties: false });
      expect(shape.required).toEqual(expect.arrayContaining(["salt", "actor"]));
    }
  }
});
