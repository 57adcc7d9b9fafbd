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
  // Without its owner's name a repository has no address: the link would lead to somebody else's page.
  if (!repository.includes("/")) return name;
  return (
    <a href={`${pages[source]}/${repository}/tree/${commit}`} rel="nofollow noopener">
      {name}
    </a>
  );
}
