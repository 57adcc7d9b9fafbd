"use client";

import { useActionState } from "react";
import { TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { showPreview } from "./actions";
import { FormTrouble, type TroubleTexts } from "./form-trouble";

interface AddressFormProps {
  readonly locale: string;
  readonly address: string;
  readonly texts: TroubleTexts & {
    readonly address: string;
    readonly addressHint: string;
    readonly read: string;
    readonly reading: string;
    readonly readNote: string;
  };
}

export function AddressForm({ locale, address, texts }: AddressFormProps) {
  const [state, action] = useActionState(showPreview, { ...emptyForm, signIn: false });
  const typed = state.values.address ?? address;
  const next = `/${locale}/register?${new URLSearchParams({ address: typed })}`;
  return (
    <form action={action} className="form stack">
      <FormTrouble
        state={state}
        texts={texts}
        signInHref={`/${locale}/sign-in?${new URLSearchParams({ next })}`}
      />
      <input type="hidden" name="locale" value={locale} />
      <TextField
        code
        name="address"
        label={texts.address}
        hint={texts.addressHint}
        error={state.fields.address}
        defaultValue={typed}
        maxLength={500}
        required
      />
      <div className="cluster">
        <SubmitButton pendingLabel={texts.reading}>{texts.read}</SubmitButton>
        <span className="note">{texts.readNote}</span>
      </div>
    </form>
  );
}
