"use client";

import { useActionState } from "react";
import { Choices, SelectField, TextArea, TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { confirmRegistration } from "./actions";
import { FormTrouble, type TroubleTexts } from "./form-trouble";

interface ConfirmFormProps {
  readonly locale: string;
  readonly captureId: string;
  /** The repository's name, as a first proposal. */
  readonly name: string;
  /** The registrant's committed sets that name no model yet. */
  readonly sets: readonly { readonly value: string; readonly label: string }[];
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
        | "canaryNone"
        | "canaryNew"
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

export function ConfirmForm({ locale, captureId, name, sets, texts }: ConfirmFormProps) {
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
      <CanarySet
        locale={locale}
        sets={sets}
        texts={texts}
        chosen={values.canarySet}
        error={fields.canarySet}
      />
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

/** Which of the sets that were committed before it was trained into this model; the choice survives a lost session. */
function CanarySet({
  locale,
  sets,
  texts,
  chosen = "",
  error,
}: Pick<ConfirmFormProps, "locale" | "sets" | "texts"> & {
  readonly chosen: string | undefined;
  readonly error: string | undefined;
}) {
  const known = chosen === "" || sets.some(({ value }) => value === chosen);
  const options = known ? sets : [...sets, { value: chosen, label: chosen }];
  if (options.length === 0)
    return (
      <p className="note">
        {texts.canaryHint} <a href={`/${locale}/canaries/new`}>{texts.canaryNew}</a>
      </p>
    );
  return (
    <SelectField
      key={chosen}
      name="canarySet"
      label={texts.canaryTitle}
      hint={texts.canaryHint}
      error={error}
      defaultValue={chosen}
      options={[{ value: "", label: texts.canaryNone }, ...options]}
    />
  );
}
