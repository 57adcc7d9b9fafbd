import { readMetadata } from "../../formats/metadata-files";
import { parseModelCard } from "../../formats/model-card";
import { publishedName } from "../../io/source/published-name";
import type { ReleaseReader } from "../../io/source/release";
import { reason, statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome, Reason } from "../method";
import { claimChecks } from "./claim-checks";
import { explainLineage } from "./explain";
import { mentionOf, repositoryName } from "./names";
import {
  type CardStatistics,
  type ClaimCheck,
  type LineageStatistics,
  lineageStatisticsSchema,
} from "./schema";

/** What the cards declare at the pinned commits. The only method that looks at a repository's name. */
export const lineage: Method<"lineage"> = { id: "lineage", version: "2", run, explain: explainLineage };

async function run(input: MethodInput): Promise<MethodOutcome<"lineage">> {
  const { original, suspect, signal } = input;
  const names = { original: publishedName(original.release), suspect: publishedName(suspect.release) };
  const mine = await readCard(original, names.suspect, signal);
  const theirs = await readCard(suspect, names.original, signal);
  const bases = new Set(theirs.baseModels.map(repositoryName));
  const sharedBases = [...new Set(mine.baseModels.map(repositoryName))]
    .filter((name) => bases.has(name))
    .sort();
  const claims = await claimChecks(input, { original: mine, suspect: theirs });
  const statistics: LineageStatistics = { original: mine, suspect: theirs, sharedBases, claims };
  return {
    method: "lineage",
    version: "2",
    kind: "descriptive",
    null: null,
    statistics: statisticsOf(lineageStatisticsSchema, statistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: verdict([mine, theirs], names.original !== null && names.suspect !== null),
    reasons: [
      ...reasonsOf("original", mine, names.suspect),
      ...reasonsOf("suspect", theirs, names.original),
      ...(sharedBases.length > 0 ? [reason("same-declared-base", { bases: sharedBases })] : []),
      ...claims.flatMap(claimReasons),
    ],
  };
}

async function readCard(
  reader: ReleaseReader,
  other: string | null,
  signal?: AbortSignal,
): Promise<CardStatistics> {
  const found = await readMetadata(reader, "README.md", signal);
  const nothing = {
    baseModels: [],
    relation: null,
    licences: [],
    licenceName: null,
    datasets: [],
    tags: [],
  };
  if (found.state !== "read") {
    const path = found.state === "missing" ? null : found.path;
    return {
      state: found.state,
      path,
      frontMatter: null,
      ...nothing,
      declaresOther: null,
      mentionsOther: null,
    };
  }
  const { declaration, malformedFrontMatter, text } = parseModelCard(found.value);
  const declared = declaration
    ? {
        ...declaration,
        baseModels: [...declaration.baseModels],
        licences: [...declaration.licences],
        datasets: [...declaration.datasets],
        tags: [...declaration.tags],
      }
    : nothing;
  return {
    state: "read",
    path: found.path,
    frontMatter: declaration ? "read" : malformedFrontMatter ? "malformed" : "none",
    ...declared,
    declaresOther: declaresOther(declared.baseModels, malformedFrontMatter, other),
    mentionsOther: other === null ? null : mentionOf(text, other),
  };
}

/** A card that declares no base at all cannot declare the other side, whatever that is called. */
function declaresOther(
  baseModels: readonly string[],
  malformed: boolean,
  other: string | null,
): boolean | null {
  if (malformed) return null;
  if (baseModels.length === 0) return false;
  return other === null ? null : baseModels.some((base) => repositoryName(base) === repositoryName(other));
}

function verdict(cards: readonly CardStatistics[], namesKnown: boolean): string {
  if (cards.some(({ declaresOther }) => declaresOther === true)) return "declared";
  if (cards.some(({ mentionsOther }) => mentionsOther !== null)) return "mentioned";
  const nothing = namesKnown && cards.every(({ declaresOther }) => declaresOther === false);
  return nothing ? "not-declared" : "inconclusive";
}

function reasonsOf(side: string, card: CardStatistics, other: string | null): Reason[] {
  if (card.state === "missing") return [reason("card-missing", { side })];
  if (card.state === "unavailable") return [reason("card-unreadable", { side, path: card.path })];
  const { path, baseModels, relation, licences, licenceName } = card;
  const reasons: Reason[] = [];
  if (card.frontMatter === "malformed") reasons.push(reason("front-matter-malformed", { side, path }));
  else reasons.push(reason("card-declares", { side, path, baseModels, relation, licences, licenceName }));
  if (card.declaresOther === true) reasons.push(reason("declares-other", { side, relation }));
  if (card.mentionsOther !== null) reasons.push(reason("mentions-other", { side, as: card.mentionsOther }));
  // Said only of a card that was read: for the others the name would not have helped.
  if (other === null) reasons.push(reason("repository-unknown", { side }));
  return reasons;
}

/** Below this median cosine nothing of the base is left to see in a group. */
const resembles = 0.1;

function claimReasons({ side, ancestor, declared, groups }: ClaimCheck): Reason[] {
  const facts = { side, ancestor: ancestor + 1, declared };
  const equal = groups.filter((one) => one.equal === one.tensors);
  const reasons = equal.map(({ group, tensors }) =>
    reason("group-equals-ancestor", { ...facts, group, tensors }),
  );
  const unlike = groups.every((one) => one.equal === 0 && one.medianCosine < resembles);
  if (declared === true && unlike) reasons.push(reason("declared-base-not-seen", facts));
  return reasons;
}
