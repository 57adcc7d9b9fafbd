"use client";

import { useActionState } from "react";
import { ErrorSummary } from "./error-summary";
import { Choices, SelectField, TextArea, TextField } from "./field";
import { emptyForm, type FormState } from "./form-state";
import { SubmitButton } from "./submit-button";

interface Named {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
}
interface Option {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** A field as data: pages say which, in the reader's language; the form keeps what was typed into it. */
export type FieldSpec =
  | { readonly kind: "hidden"; readonly name: string; readonly value: string }
  | (Named & { readonly kind: "text"; readonly code?: boolean; readonly type?: "text" | "email" })
  | (Named & { readonly kind: "area"; readonly rows?: number })
  /** A file has to be chosen again after a refusal: no browser lets a page fill it in. */
  | (Named & { readonly kind: "file"; readonly accept?: string; readonly multiple?: boolean })
  | (Named & { readonly kind: "select"; readonly options: readonly Option[] })
  | (Named & { readonly kind: "radio" | "checkbox"; readonly options: readonly Option[] })
  /** Each choice is a checkbox `name-value` with a text `name-text-value` of its own. */
  | (Named & {
      readonly kind: "claims";
      readonly textLabel: string;
      readonly options: readonly (Option & { readonly chosen?: boolean; readonly text?: string })[];
    });

interface ActFormProps {
  readonly action: (before: FormState, form: FormData) => Promise<FormState>;
  readonly locale: string;
  readonly fields: readonly FieldSpec[];
  readonly button: string;
  readonly pendingLabel: string;
  readonly quiet?: boolean;
  /** Where to sign in when the session ended meanwhile; opens beside the form, so that nothing typed is lost. */
  readonly signIn?: { readonly href: string; readonly label: string };
  /** Keeps ids apart when a page has several forms. */
  readonly id?: string;
  /** Begins the ids of all fields: for a page with several forms. */
  readonly prefix?: string;
}

/** A form of one act. Works without scripts; every refusal keeps what was typed and says which field is meant. */
export function ActForm({
  action,
  locale,
  fields,
  button,
  pendingLabel,
  quiet,
  signIn,
  id,
  prefix,
}: ActFormProps) {
  const [state, send] = useActionState(action, emptyForm);
  return (
    <form action={send} className="form stack" id={id}>
      <input type="hidden" name="locale" value={locale} />
      <FormFields
        fields={fields}
        state={state}
        {...(signIn ? { signIn } : {})}
        {...(prefix ? { prefix } : {})}
      />
      <p>
        <SubmitButton pendingLabel={pendingLabel} {...(quiet ? { quiet } : {})}>
          {button}
        </SubmitButton>
      </p>
      {state.done ? <p role="status">{state.done}</p> : null}
    </form>
  );
}

/** What stands in the way, then the fields with what was typed before. */
export function FormFields({
  fields,
  state,
  signIn,
  prefix = "",
}: Pick<ActFormProps, "fields" | "signIn" | "prefix"> & { readonly state: FormState }) {
  const errors = [
    ...(state.problem ? [{ field: null, message: state.problem }] : []),
    ...Object.entries(state.fields).map(([field, message]) => {
      const label = labelOf(fields, field);
      return { field: prefix + field, message, ...(label ? { label } : {}) };
    }),
  ];
  return (
    <>
      {errors.length > 0 ? <ErrorSummary title={state.values.$summary ?? ""} errors={errors} /> : null}
      {state.values.$signIn && signIn ? (
        <p>
          <a href={signIn.href} target="_blank" rel="noopener">
            {signIn.label}
          </a>
        </p>
      ) : null}
      {/* React sets a form back after each act: made anew, the fields begin with what was typed. */}
      <div className="stack stack-wide" key={JSON.stringify(state.values)}>
        {fields.map((field) => (
          <Field key={field.name} field={field} state={state} prefix={prefix} />
        ))}
      </div>
    </>
  );
}

function labelOf(fields: readonly FieldSpec[], name: string): string | undefined {
  for (const field of fields) {
    if (field.name === name && "label" in field) return field.label;
    if (field.kind === "claims") {
      const option = field.options.find(({ value }) => name === `${field.name}-text-${value}`);
      if (option) return option.label;
    }
  }
  return undefined;
}

interface FieldProps {
  readonly field: FieldSpec;
  readonly state: FormState;
  readonly prefix: string;
}

function Field({ field, state, prefix }: FieldProps) {
  const typed = state.values[field.name];
  const value = typed ?? ("value" in field ? field.value : undefined) ?? "";
  if (field.kind === "hidden") return <input type="hidden" name={field.name} value={value} />;
  const { name, label, hint } = field;
  const common = { name, id: prefix + name, label, hint, error: state.fields[name] };
  switch (field.kind) {
    case "text":
      return (
        <TextField {...common} defaultValue={value} code={field.code ?? false} type={field.type ?? "text"} />
      );
    case "area":
      return <TextArea {...common} defaultValue={value} rows={field.rows ?? 6} />;
    case "file":
      return <TextField {...common} type="file" accept={field.accept} multiple={field.multiple} />;
    case "select":
      return <SelectField {...common} options={field.options} defaultValue={value} />;
    case "radio":
    case "checkbox":
      return <Choices {...common} kind={field.kind} options={field.options} chosen={value.split("\n")} />;
    case "claims":
      return <ClaimChoices field={field} state={state} />;
  }
}

function ClaimChoices({
  field,
  state,
}: {
  readonly field: FieldSpec & { readonly kind: "claims" };
  readonly state: FormState;
}) {
  const { name, label, hint } = field;
  const sent = Object.keys(state.values).length > 0;
  const error = state.fields[name];
  return (
    <fieldset className="field" id={name} data-invalid={error ? "" : undefined}>
      <legend>{label}</legend>
      {hint ? <p className="hint">{hint}</p> : null}
      {error ? <p className="error">{error}</p> : null}
      {field.options.map((option) => {
        const box = `${name}-${option.value}`;
        const text = `${name}-text-${option.value}`;
        return (
          <div className="choice" key={option.value}>
            <input
              type="checkbox"
              id={box}
              name={box}
              defaultChecked={sent ? state.values[box] !== undefined : (option.chosen ?? false)}
              aria-describedby={`${box}-hint`}
            />
            <label htmlFor={box}>{option.label}</label>
            <div className="hint">
              <p id={`${box}-hint`}>{option.hint}</p>
              <textarea
                id={text}
                name={text}
                rows={2}
                className="control control-short"
                aria-label={`${option.label}: ${field.textLabel}`}
                aria-invalid={state.fields[text] ? true : undefined}
                defaultValue={state.values[text] ?? option.text ?? ""}
              />
              {state.fields[text] ? <p className="error">{state.fields[text]}</p> : null}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
