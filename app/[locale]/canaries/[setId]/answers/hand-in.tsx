import { getTranslations } from "next-intl/server";
import { ownKeyField } from "@/components/case/act-form-words";
import { ActForm } from "@/components/forms/act-form";
import { handInAnswers, handInTranscript } from "./actions";
import { type PartProps, whoAnswers } from "./fields";

/** Answers that somebody hands in, with the transcript that they come from or without. */
export async function HandIn({ set, forms }: PartProps) {
  const t = await getTranslations("canaries.answers");
  return (
    <section className="section stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{t("uploadTitle")}</h2>
      <p className="measure">{t("uploadText")}</p>
      <ActForm
        {...forms}
        action={handInAnswers}
        id="hand-in-form"
        prefix="hand-in-"
        button={t("upload")}
        pendingLabel={t("uploading")}
        fields={[
          ...(await whoAnswers(set)),
          { kind: "text", name: "release", label: t("release"), hint: t("releaseHint"), code: true },
          { kind: "file", name: "file", label: t("file"), hint: t("fileHint"), accept: ".jsonl,.ndjson" },
          {
            kind: "text",
            name: "transcriptRoot",
            label: t("transcriptRoot"),
            hint: t("transcriptRootHint"),
            code: true,
          },
          await ownKeyField(),
        ]}
      />
    </section>
  );
}

/** For whoever registered a root and kept the transcript: it follows, and is held against that root. */
export async function LateTranscript({ set, forms }: PartProps) {
  const t = await getTranslations("canaries.answers");
  const roles = await getTranslations("canaries.roles");
  const waiting = set.answers.filter(
    ({ mine, transcript }) => mine && transcript !== null && transcript.size === null,
  );
  if (waiting.length === 0) return null;
  return (
    <section className="section stack" aria-labelledby="late">
      <h2 id="late">{t("lateTitle")}</h2>
      <p className="measure">{t("lateText")}</p>
      <ActForm
        {...forms}
        action={handInTranscript}
        id="late-form"
        prefix="late-"
        quiet
        button={t("late")}
        pendingLabel={t("uploading")}
        fields={[
          {
            kind: "select",
            name: "answersId",
            label: t("lateAnswers"),
            options: waiting.map(({ id, name, role }) => ({
              value: id,
              label: t("confirmsOption", { role: roles(role), name, id }),
            })),
          },
          { kind: "file", name: "transcript", label: t("lateFile"), accept: ".jsonl,.ndjson" },
        ]}
      />
    </section>
  );
}
