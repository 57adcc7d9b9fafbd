"use client";

import { useActionState } from "react";
import { TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { becomeAdministrator } from "./actions";

interface SetupFormProps {
  readonly locale: string;
  readonly token: string;
  readonly labels: {
    readonly name: string;
    readonly nameHint: string;
    readonly email: string;
    readonly button: string;
  };
}

export function SetupForm({ locale, token, labels }: SetupFormProps) {
  const [state, action] = useActionState(becomeAdministrator, emptyForm);
  return (
    <form action={action} className="form stack">
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="token" value={token} />
      {state.problem ? <p role="alert">{state.problem}</p> : null}
      <TextField
        name="name"
        label={labels.name}
        hint={labels.nameHint}
        error={state.fields.name}
        defaultValue={state.values.name}
        required
      />
      <TextField
        name="email"
        type="email"
        label={labels.email}
        error={state.fields.email}
        defaultValue={state.values.email}
        autoComplete="email"
        required
      />
      <SubmitButton>{labels.button}</SubmitButton>
    </form>
  );
}
