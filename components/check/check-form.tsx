"use client";

import { useActionState } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { TextField } from "@/components/forms/field";
import { allErrors, emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { startCheckAction } from "./start-check";

export interface CheckFormText {
  readonly original: string;
  readonly suspect: string;
  readonly hint: string;
  readonly act: string;
  readonly pending: string;
  readonly summary: string;
}

interface CheckFormProps {
  readonly locale: string;
  readonly text: CheckFormText;
  readonly values?: Readonly<Record<string, string>>;
}

/** Two addresses and one act. Works without scripts: the answer is then a new page with what was typed. */
export function CheckForm({ locale, text, values = {} }: CheckFormProps) {
  const [state, action] = useActionState(startCheckAction, { ...emptyForm, values });
  return (
    <form action={action} className="form stack" noValidate>
      <ErrorSummary
        title={text.summary}
        errors={allErrors(state).map((one) =>
          one.field === "original" || one.field === "suspect" ? { ...one, label: text[one.field] } : one,
        )}
      />
      <TextField
        code
        name="original"
        label={text.original}
        hint={text.hint}
        placeholder="hf:org/name@revision"
        defaultValue={state.values.original}
        error={state.fields.original}
        required
      />
      <TextField
        code
        name="suspect"
        label={text.suspect}
        placeholder="hf:org/name@revision"
        defaultValue={state.values.suspect}
        error={state.fields.suspect}
        required
      />
      <input type="hidden" name="locale" value={locale} />
      <SubmitButton pendingLabel={text.pending}>{text.act}</SubmitButton>
    </form>
  );
}
