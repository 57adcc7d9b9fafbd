"use client";

import { useActionState } from "react";
import { TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { removeAccount } from "./actions";

interface DeleteFormProps {
  readonly locale: string;
  readonly label: string;
  readonly button: string;
}

export function DeleteForm({ locale, label, button }: DeleteFormProps) {
  const [state, action] = useActionState(removeAccount, emptyForm);
  return (
    <form action={action} className="form stack">
      <input type="hidden" name="locale" value={locale} />
      {state.problem ? <p role="alert">{state.problem}</p> : null}
      <TextField name="confirm" label={label} error={state.fields.confirm} autoComplete="off" code />
      <SubmitButton quiet>{button}</SubmitButton>
    </form>
  );
}
