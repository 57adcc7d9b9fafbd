"use client";

import { useActionState } from "react";
import { TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { saveName } from "./actions";

interface NameFormProps {
  readonly locale: string;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly button: string;
}

export function NameForm({ locale, name, label, hint, button }: NameFormProps) {
  const [state, action] = useActionState(saveName, emptyForm);
  return (
    <form action={action} className="form stack">
      <input type="hidden" name="locale" value={locale} />
      {state.problem ? <p role="alert">{state.problem}</p> : null}
      <TextField
        name="name"
        label={label}
        hint={hint}
        error={state.fields.name}
        defaultValue={state.values.name ?? name}
        autoComplete="nickname"
        maxLength={80}
        required
      />
      <SubmitButton>{button}</SubmitButton>
      {state.done ? <p role="status">{state.done}</p> : null}
    </form>
  );
}
