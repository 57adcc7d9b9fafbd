"use client";

import { useState } from "react";
import { fill } from "@/components/canary/words";
import { Choices, SelectField, TextArea, TextField } from "@/components/forms/field";
import { sentences } from "@/components/marks/sentences";
import type { Locale } from "@/i18n/locales";
import type { SetKind } from "./read-items";
import { type DrandNetwork, type Primary, primaries, roundAfter, usualThreshold } from "./terms-of-form";
import type { CommitWords } from "./words";

interface TermsStepProps {
  readonly words: CommitWords;
  readonly locale: Locale;
  readonly kind: SetKind;
  readonly network: DrandNetwork | null;
  readonly models: readonly { readonly id: string; readonly name: string }[];
  readonly namespaces: readonly string[];
  readonly errors: Readonly<Record<string, string>>;
}

const usualDelay = "60";

/** What is fixed beforehand. What cannot be combined is not offered. */
export function TermsStep({ words, locale, kind, network, models, namespaces, errors }: TermsStepProps) {
  const possible = primaries[kind];
  const [primary, setPrimary] = useState<Primary>(possible[0] ?? "rank");
  const chosen = possible.includes(primary) ? primary : (possible[0] ?? "rank");
  const [threshold, setThreshold] = useState(usualThreshold[chosen]);
  const [extractor, setExtractor] = useState("first-line");
  const [delay, setDelay] = useState(usualDelay);
  const choose = (next: Primary) => {
    setPrimary(next);
    setThreshold(usualThreshold[next]);
  };
  const oneIn = Number(threshold) > 0 ? Math.floor(1 / Number(threshold) + 1e-9) : null;
  const names = {
    secret: [words.primarySecret, words.primarySecretHint],
    robust: [words.primaryRobust, words.primaryRobustHint],
    rank: [words.primaryRank, words.primaryRankHint],
  } as const;
  return (
    <>
      <fieldset className="field" id="primary">
        <legend>{words.primary}</legend>
        {possible.map((one) => (
          <div className="choice" key={one}>
            <input
              type="radio"
              id={`primary-${one}`}
              name="primary"
              value={one}
              checked={one === chosen}
              aria-describedby={`primary-${one}-hint`}
              onChange={() => choose(one)}
            />
            <label htmlFor={`primary-${one}`}>{names[one][0]}</label>
            <p className="hint" id={`primary-${one}-hint`}>
              {names[one][1]}
            </p>
          </div>
        ))}
      </fieldset>
      <TextField
        name="threshold"
        label={words.threshold}
        hint={sentences(
          [
            words.thresholdHint,
            ...(oneIn === null
              ? []
              : [fill(words.thresholdSays, { n: new Intl.NumberFormat(locale).format(oneIn) })]),
          ],
          locale,
        )}
        error={errors.threshold}
        code
        inputMode="decimal"
        value={threshold}
        onChange={(event) => setThreshold(event.currentTarget.value)}
      />
      <TextArea
        name="prompt"
        label={words.prompt}
        hint={words.promptHint}
        error={errors.prompt}
        rows={3}
        defaultValue="{prompt}"
      />
      <SelectField
        name="extractor"
        label={words.extractor}
        value={extractor}
        onChange={(event) => setExtractor(event.currentTarget.value)}
        options={[
          { value: "whole", label: words.extractorWhole },
          { value: "first-line", label: words.extractorFirst },
          { value: "regex", label: words.extractorRegex },
        ]}
      />
      {extractor === "regex" ? (
        <TextField
          name="pattern"
          label={words.pattern}
          hint={words.patternHint}
          error={errors.pattern ?? errors.extractor}
          code
          maxLength={200}
        />
      ) : null}
      <Choices
        kind="radio"
        name="fold"
        label={words.fold}
        hint={words.foldHint}
        chosen={["none"]}
        options={[
          { value: "none", label: words.foldNone },
          { value: "simplified", label: words.foldSimplified },
        ]}
      />
      <TextArea
        name="references"
        label={words.references}
        hint={sentences([words.referencesHint, words.referencesFew], locale)}
        error={errors.references}
        rows={5}
      />
      <TextField
        name="deadline"
        type="date"
        label={words.deadline}
        hint={words.deadlineHint}
        error={errors.deadline}
      />
      <Beacon {...{ words, locale, kind, network, errors, delay, setDelay }} />
      <SelectField
        name="model"
        label={words.model}
        hint={words.modelHint}
        options={[
          { value: "", label: words.modelNone },
          ...models.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      {namespaces.length === 0 ? null : (
        <SelectField
          name="namespace"
          label={words.namespace}
          hint={words.namespaceHint}
          options={[
            { value: "", label: words.namespaceAccount },
            ...namespaces.map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
      <p className="note">{words.fixed}</p>
    </>
  );
}

function Beacon({
  words,
  locale,
  kind,
  network,
  errors,
  delay,
  setDelay,
}: Pick<TermsStepProps, "words" | "locale" | "kind" | "network" | "errors"> & {
  readonly delay: string;
  readonly setDelay: (delay: string) => void;
}) {
  const [beacon, setBeacon] = useState(network === null ? "log-checkpoint" : "drand");
  // A natural set draws nothing, so it may do without a number; what is drawn cannot.
  const chosen = beacon === "none" && kind !== "natural" ? "log-checkpoint" : beacon;
  const next =
    network === null || !(Number(delay) >= 0) ? null : roundAfter(network, Number(delay), Date.now());
  const options = [
    ...(network === null ? [] : [["drand", words.beaconDrand, drandHint()] as const]),
    ["log-checkpoint", words.beaconLog, words.beaconLogHint] as const,
    ...(kind === "natural" ? [["none", words.beaconNone, words.beaconNoneHint] as const] : []),
  ];
  function drandHint(): string {
    if (next === null) return "";
    const time = new Intl.DateTimeFormat(locale === "zh" ? "zh-CN" : "en-GB", {
      dateStyle: "medium",
      timeStyle: "short",
      timeZone: "UTC",
    }).format(next.time);
    return fill(words.beaconDrandHint, {
      round: new Intl.NumberFormat(locale).format(next.round),
      time: `${time} UTC`,
    });
  }
  return (
    <fieldset className="field" id="beacon">
      <legend>{words.beacon}</legend>
      {errors.beacon ? <p className="error">{errors.beacon}</p> : null}
      {options.map(([value, label, hint]) => (
        <div className="choice" key={value}>
          <input
            type="radio"
            id={`beacon-${value}`}
            name="beacon"
            value={value}
            checked={chosen === value}
            aria-describedby={`beacon-${value}-hint`}
            onChange={() => setBeacon(value)}
          />
          <label htmlFor={`beacon-${value}`}>{label}</label>
          <div className="hint">
            <p id={`beacon-${value}-hint`}>{hint}</p>
            {value === "drand" && chosen === "drand" ? (
              <TextField
                name="beaconDelay"
                label={words.beaconDelay}
                type="number"
                min={0.1}
                max={525_600}
                step="any"
                value={delay}
                onChange={(event) => setDelay(event.currentTarget.value)}
              />
            ) : null}
            {value === "log-checkpoint" && chosen === value ? (
              <TextField
                name="grindBits"
                label={words.grindBits}
                type="number"
                min={1}
                max={128}
                defaultValue="40"
              />
            ) : null}
          </div>
        </div>
      ))}
    </fieldset>
  );
}
