"use client";

import { useEffect, useState } from "react";
import { OpenSecrets } from "@/components/canary/open-secrets";
import type { Trouble } from "@/components/canary/trouble";
import { TroubleNote } from "@/components/canary/trouble-note";
import { type CanaryWords, fill } from "@/components/canary/words";
import { TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { formatSize } from "@/components/marks/size";
import type { Locale } from "@/i18n/locales";
import { revealOpenings } from "./actions";
import { batches, parseIndices } from "./batches";
import { type Opened, openSecretsFile } from "./open-secrets-file";
import { Targets } from "./targets";

interface RevealIslandProps {
  readonly words: CanaryWords["reveal"] & {
    readonly problems: CanaryWords["problems"];
    readonly signInElsewhere: string;
    readonly ownKey: string;
    readonly ownKeyHint: string;
  };
  readonly locale: Locale;
  readonly setId: string;
  readonly root: string;
  readonly size: number;
  /** Items that are public already. */
  readonly revealed: readonly number[];
  /** Of a random-label set: the number that draws its labels; null while it is not known; undefined of other kinds. */
  readonly nonce: string | null | undefined;
}

/** Opens the secrets file in this page and sends the chosen openings, nothing else. Absent where no script runs. */
export function RevealIsland(props: RevealIslandProps) {
  const { words, locale, setId, root, size } = props;
  const [running, setRunning] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  useEffect(() => setRunning(true), []);

  async function open(bytes: Uint8Array, passphrase: string): Promise<string | null> {
    setOpened(null);
    const found = await openSecretsFile(bytes, passphrase);
    if (found.setId !== setId || found.root !== root) return words.otherSet;
    setOpened(found);
    return null;
  }

  if (!running) return null;
  const number = new Intl.NumberFormat(locale);
  return (
    <>
      <OpenSecrets
        words={{
          file: words.file,
          passphrase: words.passphrase,
          open: words.open,
          opening: words.opening,
          none: words.chooseFile,
          trouble: words.problem,
        }}
        problems={words.problems}
        said={
          opened === null
            ? ""
            : fill(words.opened, {
                items: number.format(size),
                left: number.format(size - props.revealed.length),
              })
        }
        onOpen={open}
      />
      {opened === null || props.nonce === undefined ? null : (
        <Targets words={words} opened={opened} nonce={props.nonce} />
      )}
      {opened === null ? null : <Choose {...props} opened={opened} />}
    </>
  );
}

function Choose({
  words,
  locale,
  setId,
  size,
  revealed,
  opened,
}: RevealIslandProps & { readonly opened: Opened }) {
  const known = new Set(revealed);
  const sealed = Array.from({ length: size }, (_, index) => index).filter((index) => !known.has(index));
  const [which, setWhich] = useState<"all" | "some">("all");
  const [list, setList] = useState("");
  const [progress, setProgress] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [signIn, setSignIn] = useState(false);
  const [ownKey, setOwnKey] = useState(false);
  const asked = which === "all" ? sealed : parseIndices(list, size);
  const chosen = asked?.filter((index) => !known.has(index)) ?? [];
  const number = new Intl.NumberFormat(locale);

  async function send(): Promise<void> {
    setTrouble(null);
    setSaid("");
    if (asked === null || chosen.length === 0)
      return setTrouble({ sentence: fill(words.listWrong, { last: number.format(size - 1) }), detail: null });
    let done = 0;
    setProgress(0);
    try {
      for (const { text, count } of batches(chosen, opened.open)) {
        const form = new FormData();
        form.set("locale", locale);
        form.set("setId", setId);
        if (ownKey) form.set("ownKey", "yes");
        form.set("openings", new Blob([text], { type: "application/jsonl" }), "openings.jsonl");
        const answer = await revealOpenings(emptyForm, form);
        if (answer.done === null) {
          setSignIn(Boolean(answer.values.$signIn));
          return setTrouble({
            sentence: answer.problem ?? Object.values(answer.fields)[0] ?? words.problem,
            detail: null,
          });
        }
        done += count;
        setProgress(done);
      }
      setSaid(words.sent);
      window.location.assign(`/${locale}${ownKey ? "/sign" : `/canaries/${setId}`}`);
    } catch {
      setTrouble({ sentence: words.offline, detail: null });
    } finally {
      setProgress(null);
    }
  }

  return (
    <form
      className="form stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (progress === null) void send();
      }}
    >
      <fieldset className="field">
        <legend>{words.choose}</legend>
        {(["all", "some"] as const).map((one) => (
          <div className="choice" key={one}>
            <input
              type="radio"
              id={`which-${one}`}
              name="which"
              value={one}
              checked={which === one}
              onChange={() => setWhich(one)}
            />
            <label htmlFor={`which-${one}`}>{words[one]}</label>
          </div>
        ))}
      </fieldset>
      {which === "some" ? (
        <TextField
          name="list"
          label={words.list}
          hint={words.listHint}
          code
          value={list}
          onChange={(event) => setList(event.currentTarget.value)}
        />
      ) : null}
      <Preview words={words} locale={locale} chosen={chosen} opened={opened} />
      <fieldset className="field">
        <legend>{words.ownKey}</legend>
        <div className="choice">
          <input
            type="checkbox"
            id="reveal-own-key"
            checked={ownKey}
            onChange={(event) => setOwnKey(event.currentTarget.checked)}
          />
          <label htmlFor="reveal-own-key">{words.ownKeyHint}</label>
        </div>
      </fieldset>
      <p className="measure">{words.permanent}</p>
      {trouble === null ? null : <TroubleNote title={words.problem} trouble={trouble} />}
      {signIn ? (
        <p>
          <a
            href={`/${locale}/sign-in?${new URLSearchParams({ next: `/${locale}/canaries/${setId}/reveal` })}`}
            target="_blank"
            rel="noopener"
          >
            {words.signInElsewhere}
          </a>
        </p>
      ) : null}
      <button type="submit" className="button" aria-disabled={progress !== null || undefined}>
        {words.act}
      </button>
      {progress === null ? null : (
        <div className="progress">
          <p>{fill(words.sending, { done: number.format(progress), total: number.format(chosen.length) })}</p>
          <progress aria-label={words.act} max={chosen.length} value={progress} />
        </div>
      )}
      <p role="status">{said}</p>
    </form>
  );
}

/** The first of the chosen openings, exactly as they are sent. */
function Preview({
  words,
  locale,
  chosen,
  opened,
}: Pick<RevealIslandProps, "words" | "locale"> & {
  readonly chosen: readonly number[];
  readonly opened: Opened;
}) {
  const [first] = chosen;
  if (first === undefined) return null;
  const { image, ...opening } = opened.open(first);
  return (
    <details>
      <summary>{fill(words.show, { count: new Intl.NumberFormat(locale).format(chosen.length) })}</summary>
      <pre className="command">
        <code>{JSON.stringify(opening, null, 2)}</code>
      </pre>
      {image === undefined ? null : (
        <p className="note">{fill(words.showImage, { size: formatSize((image.length * 3) / 4, locale) })}</p>
      )}
    </details>
  );
}
