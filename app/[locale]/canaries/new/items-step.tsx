"use client";

import { useState } from "react";
import { type Trouble, troubleOf } from "@/components/canary/trouble";
import { TroubleNote } from "@/components/canary/trouble-note";
import { fill } from "@/components/canary/words";
import { Choices, TextArea, TextField } from "@/components/forms/field";
import { sentences } from "@/components/marks/sentences";
import type { Locale } from "@/i18n/locales";
import { ImageMissing, type ReadItems, readItems, type SetKind } from "./read-items";
import type { CommitWords } from "./words";

interface ItemsStepProps {
  readonly words: CommitWords;
  readonly locale: Locale;
  readonly kind: SetKind;
  readonly onKind: (kind: SetKind) => void;
  readonly onItems: (read: ReadItems | null) => void;
  readonly errors: Readonly<Record<string, string>>;
}

/** Which kind of set, and its items: read here as soon as they are chosen. */
export function ItemsStep({ words, locale, kind, onKind, onItems, errors }: ItemsStepProps) {
  return (
    <>
      <div
        onChange={(event) => {
          const { value, name } = event.target as HTMLInputElement;
          if (name === "kind") onKind(value as SetKind);
        }}
      >
        <Choices
          kind="radio"
          name="kind"
          label={words.kind}
          chosen={[kind]}
          options={[
            { value: "random-label", label: words.kindRandom, hint: words.kindRandomHint },
            { value: "natural", label: words.kindNatural, hint: words.kindNaturalHint },
            { value: "generator", label: words.kindGenerator, hint: words.kindGeneratorHint },
          ]}
        />
      </div>
      {kind === "generator" ? (
        <GeneratorFields words={words} errors={errors} />
      ) : (
        <Files words={words} locale={locale} error={errors.items} onItems={onItems} />
      )}
    </>
  );
}

function GeneratorFields({ words, errors }: Pick<ItemsStepProps, "words" | "errors">) {
  return (
    <>
      <p className="measure">
        {words.program}: <code>rare-han/v1</code>
      </p>
      <div className="cluster">
        <TextField name="from" label={words.from} hint={words.fromHint} code defaultValue="U+3400" />
        <TextField name="to" label={words.to} error={errors.generator} code defaultValue="U+4DB5" />
      </div>
      <TextArea name="characters" label={words.characters} hint={words.charactersHint} rows={3} />
      <TextField
        name="count"
        type="number"
        label={words.count}
        error={errors.items}
        min={1}
        max={100_000}
        defaultValue="400"
      />
    </>
  );
}

interface FilesProps extends Pick<ItemsStepProps, "words" | "locale" | "onItems"> {
  readonly error: string | undefined;
}

function Files({ words, locale, error, onItems }: FilesProps) {
  const [file, setFile] = useState<File | null>(null);
  const [images, setImages] = useState<readonly File[]>([]);
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const number = new Intl.NumberFormat(locale);

  async function read(given: File | null, pictures: readonly File[]): Promise<void> {
    onItems(null);
    setTrouble(null);
    if (given === null) return setSaid("");
    setSaid(words.reading);
    const engine = await import("@/lib/engine/canary");
    try {
      const found = await readItems(engine, given, pictures, () => new Promise((go) => setTimeout(go)));
      onItems(found);
      const { items, withImage, options } = found;
      setSaid(
        sentences(
          [
            fill(words.read, { items: number.format(items.length) }),
            ...(withImage > 0 ? [fill(words.readImages, { images: number.format(withImage) })] : []),
            ...(options === null ? [] : [fill(words.readOptions, { options: number.format(options) })]),
          ],
          locale,
        ),
      );
    } catch (problem) {
      setSaid("");
      setTrouble(
        problem instanceof ImageMissing
          ? { sentence: fill(words.imageMissing, { name: problem.file }), detail: null }
          : troubleOf(problem, words.problems),
      );
    }
  }

  return (
    <>
      <TextField
        name="file"
        type="file"
        label={words.items}
        hint={words.itemsHint}
        error={error}
        accept=".jsonl,.ndjson,.json"
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0] ?? null;
          setFile(chosen);
          void read(chosen, images);
        }}
      />
      <TextField
        name="images"
        type="file"
        multiple
        label={words.images}
        hint={words.imagesHint}
        accept="image/png,image/jpeg,image/webp"
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          setImages(chosen);
          void read(file, chosen);
        }}
      />
      <p role="status">{said}</p>
      {trouble === null ? null : <TroubleNote title={words.problem} trouble={trouble} />}
    </>
  );
}
