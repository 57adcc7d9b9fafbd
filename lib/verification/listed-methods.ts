import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import { methodsAbout } from "@/lib/engine/methods/about";

/** All that measures something here, by id and version: the methods of comparisons, and the judge of canaries. */
export const listedMethods = [...methodsAbout, canaryJudgeAbout];
