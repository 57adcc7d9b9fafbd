"use client";

import { ErrorSummary } from "@/components/forms/error-summary";
import { allErrors } from "@/components/forms/form-state";
import type { RegisterState } from "./actions";

export interface TroubleTexts {
  readonly errorTitle: string;
  readonly sessionTitle: string;
  readonly sessionText: string;
  readonly signIn: string;
}

/** What stands in the way of a form, above it. An ended session asks to sign in beside the page: nothing is lost. */
export function FormTrouble({
  state,
  texts,
  signInHref,
}: {
  readonly state: RegisterState;
  readonly texts: TroubleTexts;
  readonly signInHref: string;
}) {
  if (state.signIn)
    return (
      <section className="state" data-kind="waiting" role="alert">
        <h2>{texts.sessionTitle}</h2>
        <p>{texts.sessionText}</p>
        <p>
          <a href={signInHref} target="_blank" rel="noopener opener">
            {texts.signIn}
          </a>
        </p>
      </section>
    );
  return <ErrorSummary title={texts.errorTitle} errors={allErrors(state)} />;
}
