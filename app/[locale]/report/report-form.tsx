"use client";

import { useActionState } from "react";
import { type FieldSpec, FormFields } from "@/components/forms/act-form";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { draftReport } from "./actions";

interface Props {
  readonly locale: string;
  readonly fields: readonly FieldSpec[];
  /** Claims that may be made against a release whose card declares the original */
  readonly allowedWhenDeclared: readonly string[];
  readonly signIn: { readonly href: string; readonly label: string };
  readonly words: Readonly<
    Record<
      "button" | "pending" | "declaredTitle" | "declaredText" | "joined" | "joinedText" | "joinedLink",
      string
    >
  >;
}

/** The report form. If the suspect's card declares the original, that stands first and the other claims are gone. */
export function ReportForm({ locale, fields, allowedWhenDeclared, signIn, words }: Props) {
  const [state, send] = useActionState(draftReport, emptyForm);
  const declared = state.values.$declared !== undefined;
  const joined = state.values.$joined;
  const shown = fields.map((field) =>
    field.kind === "claims" && declared
      ? { ...field, options: field.options.filter(({ value }) => allowedWhenDeclared.includes(value)) }
      : field,
  );
  return (
    <form action={send} className="form stack stack-wide">
      <input type="hidden" name="locale" value={locale} />
      {declared ? (
        <section className="state" data-kind="notice" role="alert">
          <h2>{words.declaredTitle}</h2>
          <p>{words.declaredText.replace("{original}", state.values.original ?? "")}</p>
        </section>
      ) : null}
      {joined ? (
        <section className="state" data-kind="notice" role="alert">
          <h2>{words.joined}</h2>
          <p>{words.joinedText}</p>
          <p>
            <a href={`/${locale}/cases/${joined}/take-part`}>{words.joinedLink.replace("{id}", joined)}</a>
          </p>
        </section>
      ) : null}
      <FormFields fields={shown} state={state} signIn={signIn} />
      <p>
        <SubmitButton pendingLabel={words.pending}>{words.button}</SubmitButton>
      </p>
    </form>
  );
}
