import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { Post } from "@/components/case/post";
import { ReleaseTable } from "@/components/case/release-table";
import { CaptureFacts } from "@/components/registry/capture-facts";
import { Checkpoints } from "@/components/registry/checkpoints";
import { type Locale, locales } from "@/i18n/locales";
import type { CaseReleaseDto } from "@/lib/cases";
import type { PostDto } from "@/lib/evidence/dto";
import type { EntryDate } from "@/lib/ledger";
import type { CheckpointDto, RecordedCaptureDto } from "@/lib/registry";
import { rendered } from "@/tests/support/rendered";

const at = "2026-03-01T08:00:00.000Z";
const dates: readonly (readonly [EntryDate | null, Readonly<Record<Locale, string>>])[] = [
  [null, { en: "on this page’s word alone", zh: "仅以本页所述为依据" }],
  [
    { index: null, basis: "our-word", noLaterThan: null },
    { en: "waits for the log", zh: "等待载入日志" },
  ],
  [
    { index: 7, basis: "our-word", noLaterThan: null },
    { en: "this site’s word alone", zh: "仅以本站所述为依据" },
  ],
  [
    { index: 7, basis: "witnessed", noLaterThan: at },
    {
      en: "a witness: it existed no later than 1 Mar 2026, 08:00 UTC",
      zh: "见证方：最迟于 2026年3月1日 08:00",
    },
  ],
  [
    { index: 7, basis: "timestamped", noLaterThan: at },
    { en: "an outside timestamp", zh: "外部时间戳" },
  ],
];

const release = {
  id: "rel_1",
  source: "hf",
  repository: "north-lab/slip",
  commit: "a".repeat(40),
  spec: `hf:north-lab/slip@${"a".repeat(40)}`,
} as const;
const none = { likes: null, downloads: null, licence: null, metadata: [], notes: [] } as const;

const shown: Readonly<Record<string, (date: EntryDate | null) => ReactNode>> = {
  "the capture of a registration": (date) => {
    const declared = { baseModels: [], relation: null };
    const capture: RecordedCaptureDto = {
      ...none,
      id: "cap_1",
      release,
      observedAt: new Date(at),
      declared,
      files: [],
      tensors: null,
      date,
    };
    return <CaptureFacts capture={capture} />;
  },
  "an early checkpoint": (date) => {
    const one: CheckpointDto = {
      id: "ckp_1",
      release,
      label: "early",
      step: null,
      observedAt: new Date(at),
      createdAt: new Date(at),
      date,
    };
    return <Checkpoints checkpoints={[one]} />;
  },
  "the releases of a case": (date) => {
    const { id: releaseId, source, repository, commit } = release;
    const capture = { ...none, id: "cap_1", observedAt: at, declaredBases: [], fileCount: 1, date };
    const one: CaseReleaseDto = {
      role: "original",
      releaseId,
      source,
      repository,
      commit,
      modelId: null,
      capture,
    };
    return <ReleaseTable releases={[one]} />;
  },
  "the link of a text": (date) => {
    const capture = {
      finalUrl: null,
      status: 200,
      contentType: null,
      size: 5,
      sha256: "b".repeat(64),
      failure: null,
      capturedAt: at,
      date,
    };
    const post = {
      id: "pst_1",
      kind: "evidence",
      author: "Reed",
      party: null,
      interest: "none",
      interestNote: null,
      state: "visible",
      html: "<p>Words</p>",
      redaction: null,
      createdAt: at,
      changedAt: null,
      changeKind: null,
      links: [{ url: "https://lab.example/", capture }],
    } as unknown as PostDto;
    return <Post post={post} alone />;
  },
};

describe.each(locales)("on what a date rests stands beside it (%s)", (locale) => {
  it.each(Object.entries(shown))("%s", (_name, show) => {
    for (const [date, words] of dates) {
      const html = rendered(locale, show(date));
      expect(html).toContain(words[locale]);
      expect(html.includes(`/log/entries/7`)).toBe(date?.index === 7);
    }
  });
});
