"use client";

import { useEffect, useRef, useState } from "react";
import { saveFile } from "@/components/canary/save-file";
import { type Trouble, troubleOf } from "@/components/canary/trouble";
import { TroubleNote } from "@/components/canary/trouble-note";
import { fill } from "@/components/canary/words";
import { TextField } from "@/components/forms/field";
import type { Locale } from "@/i18n/locales";
import { CopyStep } from "./copy-step";
import { ItemsStep } from "./items-step";
import type { ReadItems, SetKind } from "./read-items";
import { RegisterStep } from "./register-step";
import { type CommitRequest, type Sealed, sealSet } from "./seal-set";
import { type DrandNetwork, roundAfter, termsOfForm } from "./terms-of-form";
import { TermsStep } from "./terms-step";
import type { CommitWords } from "./words";

export interface CommitIslandProps {
  readonly words: CommitWords;
  readonly locale: Locale;
  /** Sealed together with the items: nobody else can register the same hash. */
  readonly authorKeyId: string;
  readonly network: DrandNetwork | null;
  readonly logSize: number;
  readonly models: readonly { readonly id: string; readonly name: string }[];
  /** Proved names that the set may be counted under. */
  readonly namespaces: readonly string[];
}

const shortest = 12;

/**
 * The whole way from items to a commitment. Items, images, seed and passphrase stay in this component; what is sent is
 * shown first. Everything that it needs is loaded at once, so that it works without a connection up to the last step.
 */
export function CommitIsland(props: CommitIslandProps) {
  const { words, locale } = props;
  const [loaded, setLoaded] = useState<"no" | "yes" | "failed">("no");
  const [kind, setKind] = useState<SetKind>("random-label");
  const [read, setRead] = useState<ReadItems | null>(null);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [busy, setBusy] = useState<"" | "sealing" | "encrypting">("");
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const [copied, setCopied] = useState(false);
  const [registered, setRegistered] = useState(false);
  const next = useRef<HTMLHeadingElement>(null);
  /** Minutes from the registration to the round whose number counts. */
  const delay = useRef(60);
  const number = new Intl.NumberFormat(locale);

  useEffect(() => {
    import("@/lib/engine/canary").then(
      () => setLoaded("yes"),
      () => setLoaded("failed"),
    );
  }, []);
  useEffect(() => {
    if (sealed !== null) next.current?.focus();
  }, [sealed]);
  useEffect(() => {
    if (sealed === null || registered) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [sealed, registered]);

  async function seal(form: FormData): Promise<void> {
    setTrouble(null);
    const engine = await import("@/lib/engine/canary");
    const wrong: Record<string, string> = {};
    const items = kind === "generator" ? Number(form.get("count")) : (read?.items.length ?? 0);
    if (kind !== "generator" && read === null) wrong.items = words.noItems;
    const passphrase = String(form.get("passphrase") ?? "");
    if (kind !== "generator" && [...passphrase].length < shortest) wrong.passphrase = words.passphraseShort;
    else if (kind !== "generator" && passphrase !== String(form.get("passphraseAgain") ?? ""))
      wrong.passphraseAgain = words.passphraseOther;
    const asked = termsOfForm(form, {
      kind,
      items,
      options: kind === "generator" ? null : (read?.options ?? null),
      network: props.network,
      logSize: props.logSize,
      now: Date.now(),
    });
    const found = engine.termsSchema.safeParse(asked);
    for (const issue of found.error?.issues ?? []) {
      const field = String(issue.path[0] ?? "form");
      // The items are told about at their own field; an empty file has no number of options either.
      if (read === null && kind !== "generator" && (field === "items" || field === "options")) continue;
      const name = field === "options" ? "items" : field;
      wrong[name] ??= termSentence(name, issue.message, words);
    }
    setErrors(wrong);
    const [first] = Object.keys(wrong);
    if (first !== undefined || !found.success) {
      document.getElementById(first ?? "")?.focus();
      return;
    }
    delay.current = Number(form.get("beaconDelay") ?? 60) || 60;
    try {
      setBusy("sealing");
      const done = await sealSet({
        engine,
        terms: found.data,
        read,
        authorKeyId: props.authorKeyId,
        passphrase,
        modelId: String(form.get("model") ?? "") || null,
        namespace: String(form.get("namespace") ?? "") || null,
        onProgress: setProgress,
        onEncrypting: (part) => {
          setBusy("encrypting");
          setProgress({ done: part, total: 1 });
        },
      });
      if (done.secrets !== null) saveFile(done.secrets);
      else setCopied(true);
      setSealed(done);
    } catch (error) {
      setTrouble(troubleOf(error, words.problems));
    } finally {
      setBusy("");
      setProgress(null);
    }
  }

  /** The same request with a round that is still to come. */
  function refreshed(request: CommitRequest): CommitRequest {
    const { beacon } = request.terms;
    if (beacon.kind !== "drand") return request;
    const { round } = roundAfter(beacon, delay.current, Date.now());
    return { ...request, terms: { ...request.terms, beacon: { ...beacon, round } } };
  }

  if (loaded !== "yes") return <p role="status">{loaded === "failed" ? words.loadFailed : words.loading}</p>;
  return (
    <>
      <p role="status" className="note">
        {words.ready}
      </p>
      <form
        className="form stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (busy === "") void seal(new FormData(event.currentTarget));
        }}
      >
        <fieldset className="plain-fieldset stack stack-wide" disabled={sealed !== null || busy !== ""}>
          <legend className="visually-hidden">{words.form}</legend>
          <h2 className="step-head">{words.step1}</h2>
          <ItemsStep
            {...{ words, locale, kind, errors }}
            onKind={(one) => {
              setKind(one);
              setRead(null);
              setErrors({});
            }}
            onItems={setRead}
          />
          <h2 className="step-head">{words.step2}</h2>
          <TermsStep
            key={kind}
            {...{ words, locale, kind, errors }}
            network={props.network}
            models={props.models}
            namespaces={props.namespaces}
          />
          <h2 className="step-head">{words.step3}</h2>
          {kind === "generator" ? (
            <p>{words.nothingSecret}</p>
          ) : (
            <Passphrases words={words} errors={errors} />
          )}
        </fieldset>
        {trouble === null ? null : <TroubleNote title={words.summary} trouble={trouble} />}
        {Object.keys(errors).length > 0 ? <p role="alert">{words.above}</p> : null}
        {sealed === null ? (
          <button type="submit" className="button" aria-disabled={busy !== "" || undefined}>
            {kind === "generator" ? words.generatorSeal : words.seal}
          </button>
        ) : null}
        <Progress words={words} busy={busy} progress={progress} number={number} />
      </form>
      {sealed === null ? null : (
        <SealedPart
          words={words}
          sealed={sealed}
          items={number.format(sealed.request.terms.items)}
          onAgain={() => {
            setSealed(null);
            setCopied(false);
          }}
        />
      )}
      <section className="section stack" aria-labelledby="step-copy">
        <h2 id="step-copy" tabIndex={-1} ref={next}>
          {words.step4}
        </h2>
        {sealed === null ? (
          <p className="note">{words.later}</p>
        ) : sealed.secrets === null ? (
          <p>{words.nothingSecret}</p>
        ) : (
          <CopyStep words={words} locale={locale} sealed={sealed} onGood={() => setCopied(true)} />
        )}
      </section>
      <section className="section stack" aria-labelledby="step-register">
        <h2 id="step-register">{words.step5}</h2>
        {sealed === null || !copied ? (
          <p className="note">{words.later}</p>
        ) : (
          <RegisterStep
            words={words}
            locale={locale}
            first={sealed.request}
            refresh={refreshed}
            onDone={() => setRegistered(true)}
          />
        )}
      </section>
    </>
  );
}

/** What a refused term says, by its field; the engine's own words where there is no sentence for it. */
function termSentence(field: string, message: string, words: CommitWords): string {
  const sentence = words.termProblems[field as keyof CommitWords["termProblems"]];
  return sentence ?? `${words.termsProblem}: ${message}`;
}

function Passphrases({
  words,
  errors,
}: {
  readonly words: CommitWords;
  readonly errors: Readonly<Record<string, string>>;
}) {
  return (
    <>
      <TextField
        name="passphrase"
        type="password"
        label={words.passphrase}
        hint={words.passphraseHint}
        error={errors.passphrase}
        autoComplete="new-password"
      />
      <TextField
        name="passphraseAgain"
        type="password"
        label={words.passphraseAgain}
        error={errors.passphraseAgain}
        autoComplete="new-password"
      />
    </>
  );
}

function Progress({
  words,
  busy,
  progress,
  number,
}: {
  readonly words: CommitWords;
  readonly busy: "" | "sealing" | "encrypting";
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly number: Intl.NumberFormat;
}) {
  if (busy === "") return null;
  const { done = 0, total = 1 } = progress ?? {};
  return (
    <div className="progress">
      <p>
        {busy === "encrypting"
          ? words.encrypting
          : fill(words.sealing, { done: number.format(done), total: number.format(total) })}
      </p>
      <progress aria-label={words.step3} max={total} value={done} />
    </div>
  );
}

function SealedPart({
  words,
  sealed,
  items,
  onAgain,
}: {
  readonly words: CommitWords;
  readonly sealed: Sealed;
  readonly items: string;
  readonly onAgain: () => void;
}) {
  const { secrets, request } = sealed;
  return (
    <div className="stack">
      {secrets === null ? null : <p role="status">{fill(words.sealed, { items, name: secrets.name })}</p>}
      <dl className="facts">
        <dt>{words.setId}</dt>
        <dd>
          <code>{request.setId}</code>
        </dd>
        <dt>{words.root}</dt>
        <dd>
          <code>{request.root}</code>
        </dd>
      </dl>
      <div className="cluster">
        {secrets === null ? null : (
          <button type="button" className="button quiet" onClick={() => saveFile(secrets)}>
            {words.saveAgain}
          </button>
        )}
        <button type="button" className="button quiet" onClick={onAgain}>
          {words.startAgain}
        </button>
      </div>
    </div>
  );
}
