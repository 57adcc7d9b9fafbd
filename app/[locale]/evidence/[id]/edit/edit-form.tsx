"use client";

import { useActionState } from "react";
import { Diff } from "@/components/case/diff";
import { type FieldSpec, FormFields } from "@/components/forms/act-form";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { saveText } from "./actions";

interface EditFormProps {
  readonly locale: string;
  readonly pendingLabel: string;
  readonly signIn: { readonly href: string; readonly label: string };
  readonly fields: readonly FieldSpec[];
  readonly texts: Readonly<
    Record<"save" | "correct" | "changedTitle" | "changedText" | "changes" | "removed" | "added", string>
  >;
  /** After the first reply a change is a dated correction. */
  readonly locked: boolean;
}

/** The author's text. When another version was saved meanwhile, it is shown beside what was typed. */
export function EditForm({ locale, pendingLabel, signIn, fields, texts, locked }: EditFormProps) {
  const [state, send] = useActionState(saveText, { ...emptyForm, changed: null });
  const { changed } = state;
  return (
    <form action={send} className="form stack">
      <input type="hidden" name="locale" value={locale} />
      {changed ? (
        <section className="state stack" data-kind="notice" role="alert">
          <h2>{texts.changedTitle}</h2>
          <p>{texts.changedText}</p>
          <Diff parts={changed.diff} label={texts.changes} removed={texts.removed} added={texts.added} />
        </section>
      ) : null}
      <FormFields fields={fields} state={changed ? { ...state, problem: null } : state} signIn={signIn} />
      <p>
        <SubmitButton pendingLabel={pendingLabel}>
          {(changed?.locked ?? locked) ? texts.correct : texts.save}
        </SubmitButton>
      </p>
    </form>
  );
}
