"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { localeOf } from "@/components/forms/form-problem";
import { type FormState, typedValues } from "@/components/forms/form-state";
import { formatMoment } from "@/components/marks/time";
import { currentViewer } from "@/lib/accounts/server";
import { serviceContext } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/telemetry";
import { previewRelease, registerModel, renewPreview } from "@/lib/registry/server";

/** `signIn`: the session is over; everything typed stays and a link to sign in beside the page is shown. */
export interface RegisterState extends FormState {
  readonly signIn: boolean;
}

const text = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

/** Step 1: reads the release and shows what would be recorded. */
export async function showPreview(_before: RegisterState, form: FormData): Promise<RegisterState> {
  let captureId: string;
  try {
    const ctx = serviceContext(await currentViewer());
    captureId = (await previewRelease(ctx, text(form, "address"))).captureId;
  } catch (error) {
    return trouble(error, form, "address");
  }
  redirect(`/${localeOf(form)}/register?release=${captureId}`);
}

/** Step 2: records what the preview showed. */
export async function confirmRegistration(_before: RegisterState, form: FormData): Promise<RegisterState> {
  const canarySet = text(form, "canarySet");
  const statement = text(form, "statement");
  const file = form.get("fingerprint");
  const ownKey = form.get("ownKey") !== null;
  let modelId: string;
  try {
    const ctx = serviceContext(await currentViewer());
    const result = await registerModel(ctx, {
      captureId: text(form, "captureId"),
      name: text(form, "name"),
      ownKey,
      ...(statement === "" ? {} : { statement }),
      // Nothing chosen arrives as an empty file without a name.
      ...(file instanceof File && file.size > 0
        ? { fingerprint: new Uint8Array(await file.arrayBuffer()) }
        : {}),
      ...(canarySet === "" ? {} : { canarySet }),
    });
    modelId = result.modelId;
  } catch (error) {
    return trouble(error, form, null);
  }
  redirect(`/${localeOf(form)}${ownKey ? "/sign" : `/models/${modelId}`}`);
}

/** What went wrong, in the reader's language, with everything that was typed. */
async function trouble(error: unknown, form: FormData, field: string | null): Promise<RegisterState> {
  const locale = localeOf(form);
  const [errors, registry] = await Promise.all([
    getTranslations({ locale, namespace: "errors" }),
    getTranslations({ locale, namespace: "registry.fields" }),
  ]);
  if (!(error instanceof AppError)) log.error({ err: error }, "registering failed");
  const refusal = error instanceof AppError ? error : new AppError("internal");
  if (refusal.fields.captureId === "expired") return renewed(form);
  if (refusal.fields.captureId !== undefined) {
    const t = await getTranslations({ locale, namespace: "registry.register" });
    return { values: typedValues(form), fields: {}, problem: t("goneText"), done: null, signIn: false };
  }
  const fields: Record<string, string> = {};
  for (const [name, code] of Object.entries(refusal.fields)) {
    fields[name] = registry(registry.has(code as "required") ? (code as "required") : "invalid");
  }
  const sentence = errors(refusal.code);
  const atField = field !== null && refusal.code !== "sign-in-required" && refusal.code !== "internal";
  if (atField) fields[field] = sentence;
  return {
    values: typedValues(form),
    fields,
    // Where fields say what is wrong, a sentence about the whole form only repeats it.
    problem: Object.keys(fields).length > 0 ? null : sentence,
    done: null,
    signIn: refusal.code === "sign-in-required",
  };
}

/** The preview was too old to be recorded: it is read again, and the form goes on from it with what was typed. */
async function renewed(form: FormData): Promise<RegisterState> {
  const locale = localeOf(form);
  try {
    const preview = await renewPreview(serviceContext(await currentViewer()), text(form, "captureId"));
    const t = await getTranslations({ locale, namespace: "registry.register" });
    return {
      values: { ...typedValues(form), captureId: preview.captureId },
      fields: {},
      problem: null,
      done: t(preview.unchanged ? "renewedSame" : "renewedOther", {
        time: formatMoment(preview.observedAt, locale),
      }),
      signIn: false,
    };
  } catch (error) {
    return trouble(error, form, null);
  }
}
