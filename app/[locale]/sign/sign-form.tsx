"use client";

import { useActionState, useEffect, useState } from "react";
import { TextArea, TextField } from "@/components/forms/field";
import { emptyForm } from "@/components/forms/form-state";
import { SubmitButton } from "@/components/forms/submit-button";
import { sign } from "./actions";

type Texts = Readonly<
  Record<
    | "publicKey"
    | "publicKeyHint"
    | "signature"
    | "signatureHint"
    | "confirm"
    | "confirming"
    | "leave"
    | "here"
    | "hereText"
    | "make"
    | "load"
    | "kept"
    | "wrongFile",
    string
  >
>;

interface SignFormProps {
  readonly locale: string;
  readonly id: string;
  /** The bytes to sign, base64. */
  readonly encoding: string;
  readonly texts: Texts;
}

export function SignForm({ locale, id, encoding, texts }: SignFormProps) {
  const [state, action] = useActionState(sign, emptyForm);
  const [made, setMade] = useState<{ publicKey: string; signature: string } | null>(null);
  return (
    <form action={action} className="form stack">
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="id" value={id} />
      {state.problem ? <p role="alert">{state.problem}</p> : null}
      <SignHere id={id} encoding={encoding} texts={texts} onSigned={setMade} />
      <TextField
        key={`key ${made?.publicKey}`}
        code
        name="publicKey"
        id={`publicKey-${id}`}
        label={texts.publicKey}
        hint={texts.publicKeyHint}
        error={state.fields.publicKey}
        defaultValue={made?.publicKey ?? state.values.publicKey ?? ""}
        maxLength={1000}
        autoComplete="off"
      />
      <TextArea
        key={`signature ${made?.signature}`}
        name="signature"
        id={`signature-${id}`}
        label={texts.signature}
        hint={texts.signatureHint}
        error={state.fields.signature}
        defaultValue={made?.signature ?? state.values.signature ?? ""}
        maxLength={4000}
        rows={6}
      />
      <div className="cluster">
        <SubmitButton pendingLabel={texts.confirming}>{texts.confirm}</SubmitButton>
        <SubmitButton quiet name="leave" value="yes">
          {texts.leave}
        </SubmitButton>
      </div>
    </form>
  );
}

/** Makes or loads a key and signs here. Shown only where scripts run; the key never leaves the page. */
function SignHere({
  id,
  encoding,
  texts,
  onSigned,
}: {
  readonly id: string;
  readonly encoding: string;
  readonly texts: Texts;
  readonly onSigned: (made: { publicKey: string; signature: string }) => void;
}) {
  const [said, setSaid] = useState("");
  const [running, setRunning] = useState(false);
  useEffect(() => setRunning(true), []);
  const signWith = async (seed: Uint8Array) => {
    const { base64, ed25519PublicKey, ed25519Sign, fromBase64, hex } = await import("@/lib/engine/log");
    onSigned({
      publicKey: hex(ed25519PublicKey(seed)),
      signature: base64(ed25519Sign(fromBase64(encoding), seed)),
    });
  };
  const make = async () => {
    const { pemOfSeed } = await import("@/lib/engine/log");
    const seed = crypto.getRandomValues(new Uint8Array(32));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([pemOfSeed(seed)], { type: "application/x-pem-file" }));
    link.download = "slipmark-author.key";
    link.click();
    URL.revokeObjectURL(link.href);
    await signWith(seed);
    setSaid(texts.kept);
  };
  const load = async (file: File | undefined) => {
    if (file === undefined) return;
    const { seedOfPem } = await import("@/lib/engine/log");
    try {
      if (file.size > 10_000) throw new RangeError();
      await signWith(seedOfPem(await file.text()));
      setSaid("");
    } catch {
      setSaid(texts.wrongFile);
    }
  };
  if (!running) return null;
  return (
    <fieldset className="field stack">
      <legend>{texts.here}</legend>
      <p className="hint">{texts.hereText}</p>
      <div className="cluster">
        <button type="button" className="button" onClick={() => void make()}>
          {texts.make}
        </button>
        <label htmlFor={`key-${id}`}>{texts.load}</label>
        <input
          id={`key-${id}`}
          type="file"
          accept=".key,.pem"
          onChange={(event) => void load(event.target.files?.[0])}
        />
      </div>
      <p role="status">{said}</p>
    </fieldset>
  );
}
