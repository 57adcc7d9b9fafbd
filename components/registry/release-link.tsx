import { isServedHereOnly } from "@/lib/examples";
import { isRedactedRepository } from "@/lib/ledger";
import type { ReleaseDto } from "@/lib/registry";

const pages = { hf: "https://huggingface.co", github: "https://github.com" } as const;

/** A release by its address on the source, at the recorded commit. The page may be gone; the name stays. */
export function ReleaseLink({ release }: { readonly release: ReleaseDto }) {
  const { source, repository, commit } = release;
  const name = (
    <code>
      {source}:{repository}
    </code>
  );
  // Redacted, without its owner's name, or served by the example Hub alone, it has no page: a link would lead to somebody else's.
  if (isRedactedRepository(repository) || !repository.includes("/") || isServedHereOnly(repository))
    return name;
  return (
    <a href={`${pages[source]}/${repository}/tree/${commit}`} rel="nofollow noopener">
      {name}
    </a>
  );
}
