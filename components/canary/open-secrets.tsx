"use client";

import { useState } from "react";
import { TextField } from "@/components/forms/field";
import { type Trouble, troubleOf } from "./trouble";
import { TroubleNote } from "./trouble-note";
import type { CanaryWords } from "./words";

interface OpenSecretsProps {
  readonly words: {
    readonly file: string;
    readonly passphrase: string;
    readonly open: string;
    readonly opening: string;
    readonly none: string;
    /** Heading of whatever stands in the way. */
    readonly trouble: string;
  };
  readonly problems: CanaryWords["problems"];
  /** Begins the ids of both fields: a page may have passphrases of its own. */
  readonly prefix?: string;
  /** What has been opened, in words; "" for nothing yet. */
  readonly said: string;
  /** Looks at the file; null when all is well. What it throws is told, too. */
  readonly onOpen: (bytes: Uint8Array, passphrase: string) => Promise<string | null>;
}

/** A secrets file and its passphrase, opened here in the reader's browser: nothing of either is sent. */
export function OpenSecrets({ words, problems, prefix = "", said, onOpen }: OpenSecretsProps) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function open(form: FormData): Promise<void> {
    const file = form.get(`${prefix}secrets`);
    setTrouble(null);
    if (!(file instanceof File) || file.size === 0) return setTrouble({ sentence: words.none, detail: null });
    setBusy(true);
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const sentence = await onOpen(bytes, String(form.get(`${prefix}passphrase`) ?? ""));
      if (sentence !== null) setTrouble({ sentence, detail: null });
    } catch (error) {
      setTrouble(troubleOf(error, problems));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="form stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void open(new FormData(event.currentTarget));
      }}
    >
      <TextField name={`${prefix}secrets`} type="file" label={words.file} />
      <TextField name={`${prefix}passphrase`} type="password" label={words.passphrase} autoComplete="off" />
      <button type="submit" className="button quiet" aria-disabled={busy || undefined}>
        {busy ? words.opening : words.open}
      </button>
      {trouble === null ? null : <TroubleNote title={words.trouble} trouble={trouble} />}
      <p role="status">{said}</p>
    </form>
  );
}
