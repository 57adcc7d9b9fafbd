"use client";

import { useActionState } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { allErrors, emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { cancelAction, rerunAction } from "./actions";

const acts = { rerun: rerunAction, cancel: cancelAction } as const;

interface ActFormProps {
  readonly act: keyof typeof acts;
  readonly locale: string;
  readonly runId: string;
  /** Makes a double click one act */
  readonly sendKey: string;
  readonly label: string;
  readonly summary: string;
}

export function ActForm({ act, locale, runId, sendKey, label, summary }: ActFormProps) {
  const [state, action] = useActionState(acts[act], emptyForm);
  return (
    <form action={action} className="form stack">
      <ErrorSummary title={summary} errors={allErrors(state)} />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="runId" value={runId} />
      <input type="hidden" name="key" value={sendKey} />
      <SubmitButton quiet={act === "cancel"}>{label}</SubmitButton>
    </form>
  );
}
