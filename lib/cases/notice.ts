/** The notice to the named party, made from codes in both languages. The reporter may post it where mail does not reach. */
export interface NoticeFacts {
  readonly publicId: string;
  readonly original: string;
  readonly suspect: string;
  readonly claims: number;
  readonly origin: string;
  readonly replyDueAt: Date;
}

export function caseNotice(facts: NoticeFacts): { readonly en: string; readonly zh: string } {
  const due = facts.replyDueAt.toISOString().slice(0, 16).replace("T", " ");
  const address = (locale: string) => `${facts.origin.replace(/\/+$/, "")}/${locale}/cases/${facts.publicId}`;
  return {
    en:
      `A report about ${facts.suspect} has been filed as ${facts.publicId}: it claims similarities with ${facts.original} ` +
      `(${facts.claims === 1 ? "one claim" : `${facts.claims} claims`}). Nothing has been found; a listing is not a finding. ` +
      `Both releases were captured before this notice. You can read the report and reply, at the same height as the claim, at ` +
      `${address("en")}. The page is unlisted until you reply or until ${due} UTC. A reply is possible at any time after that, too.`,
    zh:
      `关于 ${facts.suspect} 的一份报告已受理，编号 ${facts.publicId}，其中主张它与 ${facts.original} 存在相似之处（共 ${facts.claims} 项主张）。` +
      `目前没有任何结论；收录不等于结论。发出本通知之前，双方的发布版本均已留存快照。您可以在 ${address("zh")} 阅读这份报告并作出回应，` +
      `您的回应与主张同等展示。在您回应之前，或在 ${due}（UTC）之前，该页面不会被列出。此后您仍可随时回应。`,
  };
}
