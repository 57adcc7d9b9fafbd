"use client";

import { useState } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { emptyForm, type FormState } from "@/components/forms/form-state";
import type { Locale } from "@/i18n/locales";
import { registerCommitment } from "./actions";
import type { CommitRequest } from "./seal-set";
import type { CommitWords } from "./words";

interface RegisterStepProps {
  readonly words: CommitWords;
  readonly locale: Locale;
  /** As it was sealed. */
  readonly first: CommitRequest;
  /** The same with a public number that is still to come. */
  readonly refresh: (request: CommitRequest) => CommitRequest;
  readonly onDone: () => void;
}

/** Shows exactly what is sent, and sends it. */
export function RegisterStep({ words, locale, first, refresh, onDone }: RegisterStepProps) {
  const [request, setRequest] = useState(first);
  const [busy, setBusy] = useState(false);
  const [offline, setOffline] = useState(false);
  const [soon, setSoon] = useState(false);
  const [state, setState] = useState<FormState>(emptyForm);

  async function register(): Promise<void> {
    setOffline(false);
    setSoon(false);
    if (isTooSoon(request)) {
      // Never sent unseen: the later round is shown first.
      setRequest(refresh(request));
      setSoon(true);
      return;
    }
    setBusy(true);
    const form = new FormData();
    form.set("locale", locale);
    form.set("request", JSON.stringify(request));
    try {
      const answer = await registerCommitment(emptyForm, form);
      setState(answer);
      if (answer.done === null) return;
      onDone();
      window.location.assign(`/${locale}/canaries/${answer.done}`);
    } catch {
      setOffline(true);
    } finally {
      setBusy(false);
    }
  }

  const errors = [
    ...(state.problem === null ? [] : [{ field: null, message: state.problem }]),
    ...Object.values(state.fields).map((message) => ({ field: null, message })),
  ];
  return (
    <>
      <p className="measure">{words.registerText}</p>
      <details>
        <summary>{words.registerShow}</summary>
        <pre className="command">
          <code>{JSON.stringify(request, null, 2)}</code>
        </pre>
      </details>
      {errors.length > 0 ? <ErrorSummary title={words.summary} errors={errors} /> : null}
      {state.values.$signIn ? (
        <p>
          <a
            href={`/${locale}/sign-in?${new URLSearchParams({ next: `/${locale}/canaries/new` })}`}
            target="_blank"
            rel="noopener"
          >
            {words.signInElsewhere}
          </a>
        </p>
      ) : null}
      {soon ? <p role="alert">{words.beaconSoon}</p> : null}
      {offline ? <p role="alert">{words.offline}</p> : null}
      <p>
        <button
          type="button"
          className="button"
          aria-disabled={busy || undefined}
          onClick={() => {
            if (!busy) void register();
          }}
        >
          {busy ? words.registering : words.register}
        </button>
      </p>
      <p role="status">{state.done === null ? "" : words.done}</p>
    </>
  );
}

/** Seconds from the press of the button to the round, at least: the site refuses a number that is known already. */
const leastLead = 5;

/** The named round would be known before the commitment is dated. */
function isTooSoon({ terms: { beacon } }: CommitRequest): boolean {
  if (beacon.kind !== "drand") return false;
  const at = beacon.genesisTime + (beacon.round - 1) * beacon.period;
  return at < Date.now() / 1000 + leastLead;
}
