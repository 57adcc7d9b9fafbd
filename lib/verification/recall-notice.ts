import type { RecallReason } from "./recall-reasons";

export interface RecallNoticeFacts {
  readonly publicId: string;
  readonly original: string;
  readonly suspect: string;
  readonly method: { readonly en: string; readonly zh: string };
  readonly version: string;
  readonly reason: RecallReason;
  /** The finding of the case is "not examined" because of it. */
  readonly returned: boolean;
  readonly reruns: number;
  readonly origin: string;
}

const why: Readonly<Record<RecallReason, { readonly en: string; readonly zh: string }>> = {
  "false-positives": { en: "it flags unrelated models too often", zh: "它过多地把无关模型标为相关" },
  "false-negatives": { en: "it misses what it was made to find", zh: "它漏掉了本应发现的情形" },
  "wrong-null": { en: "its null hypothesis does not hold", zh: "它的零假设不成立" },
  "implementation-error": { en: "an error in its implementation", zh: "其实现存在错误" },
  "not-reproducible": { en: "its results could not be reproduced", zh: "其结果无法复现" },
};

/** The mail to reporter and parties, made from codes in both languages. */
export function recallNotice(facts: RecallNoticeFacts): { readonly subject: string; readonly text: string } {
  const { publicId, original, suspect, method, version, returned, reruns } = facts;
  const address = (locale: string) => `${facts.origin.replace(/\/+$/, "")}/${locale}/cases/${publicId}`;
  const en =
    `A method used in ${publicId} (${suspect} and ${original}) has been recalled: ${method.en}, version ${version}. ` +
    `The reason: ${why[facts.reason].en}. Results that it had a part in are struck through and carry nothing any more. ` +
    (returned
      ? `The finding of the case is “not examined” again. `
      : `The finding of the case does not rest on it. `) +
    (reruns === 0
      ? ""
      : reruns === 1
        ? "One run has been queued again with current versions. "
        : `${reruns} runs have been queued again with current versions. `) +
    `See ${address("en")}`;
  const zh =
    `案例 ${publicId}（${suspect} 与 ${original}）所用的一种方法已被召回：${method.zh}，第 ${version} 版。` +
    `理由：${why[facts.reason].zh}。它参与得出的结果均已划去，不再作为依据。` +
    (returned ? "该案例的结论已恢复为“未审查”。" : "该案例的结论不以它为依据。") +
    (reruns === 0 ? "" : `已用现行版本重新排入 ${reruns} 次运行。`) +
    `参见 ${address("zh")}`;
  return { subject: `${publicId}: method recalled / 方法已召回`, text: `${en}\n\n${zh}\n` };
}

export interface JudgeRecallNoticeFacts {
  readonly setId: string;
  /** Names under which the suspects' answers were handed in. */
  readonly suspects: readonly string[];
  readonly method: { readonly en: string; readonly zh: string };
  readonly version: string;
  readonly reason: RecallReason;
  readonly reruns: number;
  readonly origin: string;
}

/** The mail to the author of a canary set, and to who handed in answers or asked for a judgement. */
export function judgeRecallNotice(facts: JudgeRecallNoticeFacts): {
  readonly subject: string;
  readonly text: string;
} {
  const { setId, suspects, method, version, reruns } = facts;
  const address = (locale: string) => `${facts.origin.replace(/\/+$/, "")}/${locale}/canaries/${setId}`;
  const en =
    `A method that judged answers to canary set ${setId} (${suspects.join(", ")}) has been recalled: ` +
    `${method.en}, version ${version}. The reason: ${why[facts.reason].en}. ` +
    "Its judgements are struck through and carry nothing any more. " +
    (reruns === 0 ? "" : `${reruns} of them have been queued again with the current version. `) +
    `See ${address("en")}`;
  const zh =
    `用于判定金丝雀题目集 ${setId}（${suspects.join("、")}）答案的方法已被召回：${method.zh}，第 ${version} 版。` +
    `理由：${why[facts.reason].zh}。其判定均已划去，不再作为依据。` +
    (reruns === 0 ? "" : `已用现行版本重新排入 ${reruns} 次判定。`) +
    `参见 ${address("zh")}`;
  return { subject: `${setId.slice(0, 8)}: method recalled / 方法已召回`, text: `${en}\n\n${zh}\n` };
}
