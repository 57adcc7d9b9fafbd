import { StartProblem } from "@/lib/platform/errors/start-problem";
import { secretVariables, type VariableName, type Variables, variables } from "./variables";

/** Variables that make sense only together. */
const pairs: readonly (readonly [VariableName, VariableName])[] = [
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
  ["HF_CLIENT_ID", "HF_CLIENT_SECRET"],
  ["OIDC_ISSUER", "OIDC_CLIENT_ID"],
  ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
  ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"],
  ["SLIPMARK_TSA_URL", "SLIPMARK_TSA_CERT"],
];

type Source = Readonly<Record<string, string | undefined>>;

/** Parses an environment. An empty value counts as absent. Every wrong one is named, with what is expected. */
export function readEnvironment(source: Source): Variables {
  const given: Record<string, string> = {};
  for (const name of Object.keys(variables.shape)) {
    const value = source[name];
    if (value !== undefined && value.trim() !== "") given[name] = value;
  }
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))] as VariableName[];
    throw new StartProblem(names.map((name) => complaint(name, given[name])).join("\n          "));
  }
  for (const [one, other] of pairs) {
    const missing = given[one] === undefined ? one : other;
    if ((given[one] === undefined) === (given[other] === undefined)) continue;
    throw new StartProblem(
      `${missing} is not set, but ${missing === one ? other : one} is: set both or neither`,
    );
  }
  if (given.SLIPMARK_BLOBS?.startsWith("s3://") && given.S3_ACCESS_KEY_ID === undefined) {
    throw new StartProblem(
      "SLIPMARK_BLOBS is an S3 bucket, but S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are not set",
    );
  }
  return parsed.data;
}

function complaint(name: VariableName, value: string | undefined): string {
  const shown = secretVariables.has(name) ? "is set to something else (not shown)" : `is "${value ?? ""}"`;
  return `${name} ${shown}: expected ${variables.shape[name].description}`;
}
