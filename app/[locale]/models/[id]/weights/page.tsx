import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { ownKeyField } from "@/components/case/act-form-words";
import { ActForm, type FieldSpec } from "@/components/forms/act-form";
import { formatSize } from "@/components/marks/size";
import { PageLink } from "@/components/page-link";
import { FingerprintJob } from "@/components/registry/weight-fingerprints";
import { Refused } from "@/components/states/states";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { isFormPost } from "@/lib/platform/http/form-post";
import { checkpointLabels, type FingerprintKind, type ModelPageDto } from "@/lib/registry";
import { fingerprintLimit, modelPage, modelsOfUser } from "@/lib/registry/server";
import { askFingerprint, handInFingerprint, registerCheckpoint, stopFingerprint } from "./actions";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("registry.model");
  return { title: t("manageWeights"), robots: { index: false } };
}

const hidden = (name: string, value: string): FieldSpec => ({ kind: "hidden", name, value });

/** What the registrant adds to a registration: fingerprints of the weights, and checkpoints. */
export default async function WeightsPage({ params }: Props) {
  const [{ id }, viewer] = await Promise.all([params, currentViewer()]);
  const ctx = serviceContext(viewer);
  const model = await modelPage(ctx, id);
  if (model === null) notFound();
  const [t, register, locale] = await Promise.all([
    getTranslations("registry.weights"),
    getTranslations("registry.register"),
    getLocale(),
  ]);
  const own = viewer.userId !== null && (await modelsOfUser(ctx, viewer.userId)).some((row) => row.id === id);
  // When the session ends in the middle, what was typed comes back into the form, with scripts or without.
  const ended = viewer.userId === null && isFormPost(await headers());
  const signIn = `/sign-in?${new URLSearchParams({ next: `/${locale}/models/${id}/weights` })}`;
  return (
    <>
      <header className="page-head">
        <h1>{t("title", { name: model.name })}</h1>
        <p>
          <PageLink href={`/models/${id}`}>{t("back")}</PageLink>
        </p>
      </header>
      {model.state === "withdrawn" ? (
        <p>{t("withdrawn")}</p>
      ) : own || ended ? (
        <Manage model={model} limit={fingerprintLimit(ctx)} />
      ) : (
        <Refused
          title={t("notYours")}
          todo={
            viewer.userId === null ? (
              <PageLink href={signIn}>{register("signIn")}</PageLink>
            ) : (
              t("notYoursText")
            )
          }
        />
      )}
    </>
  );
}

async function Manage({ model, limit }: { readonly model: ModelPageDto; readonly limit: number }) {
  const [t, register, locale] = await Promise.all([
    getTranslations("registry.weights"),
    getTranslations("registry.register"),
    getLocale(),
  ]);
  const next = `/${locale}/models/${model.id}/weights`;
  const words = {
    locale,
    pendingLabel: t("sending"),
    signIn: {
      href: `/${locale}/sign-in?${new URLSearchParams({ next })}`,
      label: register("signInElsewhere"),
    },
  };
  return (
    <div className="stack stack-wide">
      <Computation model={model} kind="light" limit={limit} words={words} />
      <Computation model={model} kind="full" limit={limit} words={words} />
      <section className="section" aria-labelledby="own">
        <h2 id="own">{t("ownTitle")}</h2>
        <p className="measure">{t("ownText")}</p>
        <ActForm
          {...words}
          action={handInFingerprint}
          id="own-form"
          prefix="own-"
          button={t("fileButton")}
          fields={[
            hidden("modelId", model.id),
            { kind: "file", name: "fingerprint", label: t("file"), hint: t("fileHint"), accept: ".json" },
            await ownKeyField(),
          ]}
        />
      </section>
      <section className="section" aria-labelledby="checkpoint">
        <h2 id="checkpoint">{t("checkpointTitle")}</h2>
        <p className="measure">{t("checkpointText")}</p>
        <ActForm
          {...words}
          action={registerCheckpoint}
          id="checkpoint-form"
          prefix="checkpoint-"
          button={t("checkpointButton")}
          fields={[
            hidden("modelId", model.id),
            { kind: "text", name: "address", label: t("address"), hint: t("addressHint"), code: true },
            {
              kind: "radio",
              name: "label",
              label: t("label"),
              options: checkpointLabels.map((value) => ({ value, label: t(`labels.${value}`) })),
            },
            { kind: "text", name: "step", label: t("step") },
            await ownKeyField(),
          ]}
        />
      </section>
    </div>
  );
}

async function Computation({
  model,
  kind,
  limit,
  words,
}: {
  readonly model: ModelPageDto;
  readonly kind: FingerprintKind;
  readonly limit: number;
  readonly words: {
    readonly locale: string;
    readonly pendingLabel: string;
    readonly signIn: { readonly href: string; readonly label: string };
  };
}) {
  const [t, locale] = await Promise.all([getTranslations("registry.weights"), getLocale()]);
  const job = model.fingerprintJobs.find((one) => one.kind === kind);
  const live = job?.state === "queued" || job?.state === "running";
  const bytes = model.capture.tensors?.bytes ?? 0;
  const command = `slipmark fingerprint ${model.release.spec} --out fingerprint.json`;
  return (
    <section className="section" aria-labelledby={kind}>
      <h2 id={kind}>{t(`${kind}Title`)}</h2>
      <p className="measure">{t(`${kind}Text`)}</p>
      {job ? <FingerprintJob job={job} /> : null}
      {live && job ? (
        <>
          <p>
            <PageLink href={`/models/${model.id}/weights`}>{t("reload")}</PageLink>
          </p>
          <ActForm
            {...words}
            action={stopFingerprint}
            id={`stop-${kind}`}
            prefix={`stop-${kind}-`}
            quiet
            button={t("cancelButton")}
            fields={[hidden("jobId", job.id)]}
          />
        </>
      ) : model.capture.tensors === null ? (
        <p>{t("noWeights")}</p>
      ) : kind === "full" && bytes > limit ? (
        <p>
          {t("fullTooLarge", {
            size: formatSize(bytes, locale),
            limit: formatSize(limit, locale),
            command,
          })}
        </p>
      ) : (
        <ActForm
          {...words}
          action={askFingerprint}
          id={`ask-${kind}`}
          prefix={`ask-${kind}-`}
          quiet
          button={t(`${kind}Button`)}
          fields={[hidden("modelId", model.id), hidden("kind", kind)]}
        />
      )}
    </section>
  );
}
