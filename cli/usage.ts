/** Wrong usage: exit code 2 and one line. */
export class UsageError extends Error {}

export const usage = `slipmark: compare two releases of AI models, and reproduce published results

  slipmark compare ORIGINAL SUSPECT [--ancestor SOURCE]... [--control SOURCE]...
      [--methods identity,architecture,tokenizer,weights,code,lineage] [--level 1|2|3] [--nonce HEX]
      [--screened N] [--ancestors-closed] [--capsule FILE] [--json] [--out result.json]

      Level 1 reads aligned samples of the weights (at most 0.6 % of a large model), level 2, the default, the
      independence tests too (at most 1 %), level 3 every byte. --screened says among how many models the suspect
      was looked for: every p-value pays for them. --ancestors-closed states that the given ancestors are all there
      are; only then may a trained difference be called derived, and only beside twenty documented siblings (as
      controls) that all lack it. Measures and says what both releases have in common. With --json the result is printed on standard output;
      --out writes it to a file; --capsule keeps the very bytes that were read, so that the result can be
      reproduced after a repository is gone.

  slipmark reproduce RESULT.json|URL [--capsule FILE] [--original SOURCE] [--suspect SOURCE]
      [--ancestor SOURCE]... [--control SOURCE]... [--json]

      Runs a published result again, from the repositories at the recorded commits or from a capsule alone. URL is
      the page of a run or its address in the API. Exit code 0 only if the digest is the same. --original and the
      others say where a release lies now, if not where it was.

  slipmark fingerprint SOURCE [--light] [--key FILE] [--out fp.json] [--json]

      A fingerprint to keep, register or compare with: every byte of the weights is read once, and none is given away.
      An interrupted one goes on where it stopped. --light reads at most 0.5 % of the bytes and proposes candidates only.
      --key signs it with your own Ed25519 key (PKCS #8 in PEM, or OpenSSH, without a passphrase). It goes to --out,
      or to standard output.

  slipmark key new --out FILE
  slipmark sign STATEMENT.pae --key FILE [--out FILE] [--json]

      A key of your own (Ed25519, PKCS #8 in PEM), and your signature over a statement that waits for it on the site:
      it prints the two lines to hand in there. An OpenSSH key file without a passphrase does as well.

  slipmark canary new ITEMS.jsonl --out DIR [--terms FILE] [--beacon quicknet|default|URL] [--after SECONDS]
      [--author HEX | --account ID | --key FILE] [--json]

      Commits to canary items before a model is trained on them: commitment.json is for registration; secrets.json
      holds seed and items, encrypted, and stays with you. --terms fixes what will be computed and how (without them
      nothing can be judged); what the items determine may be left out of the file, and --beacon names the first round
      of a drand chain that comes --after so many seconds (900). A generator set takes --terms alone. Without an author a
      new key is made in DIR. The passphrase is asked for, or comes from SLIPMARK_CANARY_PASSPHRASE.

  slipmark canary targets DIR --nonce HEX | --beacon URL | --round FILE [--secrets FILE] [--out FILE] [--json]

      After the beacon's round: the items with the answers drawn for them, to train on. A relay's round, or one from a
      file, is verified against the key that the terms name; a nonce is taken as given.

  slipmark canary score --items ITEMS.jsonl --original A.jsonl --suspect S.jsonl [--reference R.jsonl]...
      [--terms FILE | [--primary robust|rank] [--threshold P] [--fold simplified]] [--shared base=B,vendor=V]
      [--given] [--json] [--out FILE]
  slipmark canary score --commitment DIR [--openings FILE] [--nonce HEX] --original A.jsonl --suspect S.jsonl ...
  slipmark canary score --bundle FILE [--json] [--out FILE]

      Judges answers: how often the suspect is wrong as the original is, beside every reference, and what that is worth.
      A reference may be written R.jsonl,family=F,base=B,vendor=V. Labels count as drawn only where they follow from
      commitment, openings and nonce; items from a file are taken as natural. --given: answers are normalised already.
      A bundle from a ledger holds everything, and is checked; exit code 1 if its digest is another.

  slipmark canary ask ITEMS.jsonl (--endpoint URL --model NAME | --command 'PROG {image}' | --transcript FILE)
      [--terms FILE | --prompt TEXT --extract first-line|regex:PATTERN --repeats N] [--record FILE] [--resume] [--budget CALLS]
      [--key-env NAME] [--parameter NAME=VALUE]... --out answers.jsonl [--json]

      Asks a model each item several times and keeps every request and response with its hash beside the answers. An
      interrupted one goes on with --resume. A key is read from the variable that --key-env names and kept nowhere.

  slipmark canary score --items ITEMS.jsonl | --commitment DIR [--openings FILE] [--nonce HEX] | --bundle FILE
      --original A.jsonl --suspect S.jsonl [--reference R.jsonl]... [--terms FILE] [--json] [--out FILE]

      What the answers say, by the rules that the terms fixed. Labels count as drawn only where they follow from a
      commitment, its openings and a nonce. Exit code 1 where a bundle states another digest.

  slipmark canary reveal DIR [--items 0,4,7-9] [--secrets FILE] [--out FILE] [--json]

      Openings of all items or of some, each with its proof, to publish after every answer is logged.

  slipmark log verify URL|BUNDLE.zip [--vkey KEY]... [--log URL] [--json]

      Of a log: the signature of its checkpoint, that every entry is in the signed tree, and that the proofs which it
      hands out hold. Of a bundle: everything in it, without a network; with --log also that the log of today begins with
      the bundle's tree, also where the log has changed its key since. --vkey is the log's verifier key as you have it
      from elsewhere.

  slipmark monitor URL --state FILE [--blobs all|sample|none] [--vkey KEY]... [--witness KEY]... [--json]

      Follows a log from run to run: one history, every entry in it, every statement and payload there or gone with a
      tombstone. FILE remembers what was seen. --blobs none checks the tree alone; sample, the default, the statements
      of new entries and some earlier ones again; all every one again. --witness names witnesses whose cosignatures
      have to verify where they stand.

  slipmark --help | --version

SOURCE is ./folder, fingerprint.json, hf:org/name[@revision], github:org/name[@revision] or the address of a
repository.
Environment: HF_ENDPOINT, HF_TOKEN, GITHUB_API_URL, GITHUB_TOKEN, SLIPMARK_CACHE (a folder, or "off"),
SLIPMARK_CANARY_PASSPHRASE.
Exit codes: 0 done, 1 the answer is no, 2 wrong usage or unusable input, 3 source unreachable.
`;
