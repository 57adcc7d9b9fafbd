import { expect, it } from "vitest";
import { typedValues } from "./form-state";

it("keeps what was typed, several ticks of one name a line each, and nothing of the framework's or a file's", () => {
  const form = new FormData();
  form.append("$ACTION_ID", "x");
  form.append("finding", "inconclusive");
  form.append("reason", "metadata-only");
  form.append("reason", "runs-disagree");
  form.append("file", new Blob(["x"]));
  expect(typedValues(form)).toEqual({ finding: "inconclusive", reason: "metadata-only\nruns-disagree" });
});
