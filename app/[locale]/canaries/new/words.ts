import type { CanaryWords } from "@/components/canary/words";

export type CommitWords = CanaryWords["commit"] & {
  readonly problems: CanaryWords["problems"];
  readonly signInElsewhere: string;
};
