"use client";

import { useActionState } from "react";
import { Choices, TextArea, TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { confirmRegistration } from "./actions";
import { FormTrouble, type TroubleTexts } from "./form-trouble";

interface ConfirmFormProps {
  readonly locale: string;
  readonly captureId: string;
  /** The repository's name, as a first proposal. */
  readonly name: string;
  readonly kinds: readonly { readonly value: string; readonly label: string }[];
  readonly texts: TroubleTexts &
    Readonly<
      Record<
        | "name"
        | "nameHint"
        | "statement"
        | "statementHint"
        | "fingerprintTitle"
        | "fingerprintHint"
        | "canaryTitle"
        | "canaryHint"
        | "setId"
        | "setIdHint"
        | "root"
        | "rootHint"
        | "items"
        | "kind"
        | "confirm"
        | "confirming"
        | "confirmNote"
        | "ownKey"
        | "ownKeyHint"
        | "renewedTitle"
        | "renewedLink",
        string
      >
    >;
}

export function ConfirmForm({ locale, captureId, name, kinds, texts }: ConfirmFormProps) {
  const [state, action] = useActionState(confirmRegistration, { ...emptyForm, signIn: false });
  const { values, fields } = state;
  const preview = values.captureId ?? captureId;
  const next = `/${locale}/register?release=${preview}`;
  return (
    <form action={action} className="form stack">
      <FormTrouble
        state={state}
        texts={texts}
        signInHref={`/${locale}/sign-in?${new URLSearchParams({ next })}`}
      />
      <input type="hidden" name="locale" value={locale} />
      {state.done ? (
        <section className="state" data-kind="notice" role="alert">
          <h2>{texts.renewedTitle}</h2>
          <p>{state.done}</p>
          <p>
            <a href={next} target="_blank" rel="noopener">
              {texts.renewedLink}
            </a>
          </p>
        </section>
      ) : null}
      <input type="hidden" name="captureId" value={preview} />
      <TextField
        name="name"
        label={texts.name}
        hint={texts.nameHint}
        error={fields.name}
        defaultValue={values.name ?? name}
        maxLength={120}
        required
      />
      <TextArea
        name="statement"
        label={texts.statement}
        hint={texts.statementHint}
        error={fields.statement}
        defaultValue={values.statement ?? ""}
        maxLength={4000}
      />
      <TextField
        name="fingerprint"
        type="file"
        accept=".json"
        label={texts.fingerprintTitle}
        hint={texts.fingerprintHint}
        error={fields.fingerprint}
      />
      <fieldset className="field stack">
        <legend>{texts.canaryTitle}</legend>
        <p className="hint">{texts.canaryHint}</p>
        {/* A form that comes back is a new form: radio buttons would forget their choice when React resets it. */}
        <Choices
          key={values.kind ?? ""}
          kind="radio"
          name="kind"
          label={texts.kind}
          error={fields.kind}
          options={kinds}
          chosen={[values.kind ?? ""]}
        />
        <TextField
          code
          name="setId"
          label={texts.setId}
          hint={texts.setIdHint}
          error={fields.setId}
          defaultValue={values.setId ?? ""}
          maxLength={64}
          autoComplete="off"
        />
        <TextField
          code
          name="root"
          label={texts.root}
          hint={texts.rootHint}
          error={fields.root}
          defaultValue={values.root ?? ""}
          maxLength={128}
          autoComplete="off"
        />
        <TextField
          name="items"
          label={texts.items}
          error={fields.items}
          defaultValue={values.items ?? ""}
          inputMode="numeric"
          maxLength={12}
          autoComplete="off"
        />
      </fieldset>
      <Choices
        kind="checkbox"
        name="ownKey"
        label={texts.ownKey}
        options={[{ value: "yes", label: texts.ownKeyHint }]}
        chosen={values.ownKey ? ["yes"] : []}
      />
      <p className="note">{texts.confirmNote}</p>
      <SubmitButton pendingLabel={texts.confirming}>{texts.confirm}</SubmitButton>
    </form>
  );
}
