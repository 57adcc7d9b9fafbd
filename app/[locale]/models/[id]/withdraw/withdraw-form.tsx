"use client";

import { useActionState } from "react";
import { Choices, TextArea } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { withdraw } from "./actions";

interface WithdrawFormProps {
  readonly locale: string;
  readonly modelId: string;
  readonly texts: {
    readonly reason: string;
    readonly reasonHint: string;
    readonly confirm: string;
    readonly confirming: string;
    readonly ownKey: string;
    readonly ownKeyHint: string;
  };
}

export function WithdrawForm({ locale, modelId, texts }: WithdrawFormProps) {
  const [state, action] = useActionState(withdraw, emptyForm);
  return (
    <form action={action} className="form stack">
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="modelId" value={modelId} />
      {state.problem ? <p role="alert">{state.problem}</p> : null}
      <TextArea
        name="reason"
        label={texts.reason}
        hint={texts.reasonHint}
        error={state.fields.reason}
        defaultValue={state.values.reason ?? ""}
        maxLength={1000}
        required
      />
      <Choices
        kind="checkbox"
        name="ownKey"
        label={texts.ownKey}
        options={[{ value: "yes", label: texts.ownKeyHint }]}
        chosen={state.values.ownKey ? ["yes"] : []}
      />
      <SubmitButton pendingLabel={texts.confirming}>{texts.confirm}</SubmitButton>
    </form>
  );
}
