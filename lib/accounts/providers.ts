/** How somebody can sign in here: e-mail always, the rest when configured. */
export type ProviderId = "email" | "github" | "huggingface" | "oidc";

export interface ProviderChoice {
  readonly id: ProviderId;
  /** Name on the button; proper names are not translated. */
  readonly name: string;
}

export interface ProviderSettings {
  readonly GITHUB_CLIENT_ID?: string | undefined;
  readonly GITHUB_CLIENT_SECRET?: string | undefined;
  readonly HF_CLIENT_ID?: string | undefined;
  readonly HF_CLIENT_SECRET?: string | undefined;
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_NAME?: string | undefined;
}

export function configuredProviders(settings: ProviderSettings): readonly ProviderChoice[] {
  const choices: ProviderChoice[] = [{ id: "email", name: "E-mail" }];
  if (settings.GITHUB_CLIENT_ID && settings.GITHUB_CLIENT_SECRET)
    choices.push({ id: "github", name: "GitHub" });
  if (settings.HF_CLIENT_ID && settings.HF_CLIENT_SECRET)
    choices.push({ id: "huggingface", name: "Hugging Face" });
  if (settings.OIDC_ISSUER && settings.OIDC_CLIENT_ID && settings.OIDC_CLIENT_SECRET)
    choices.push({ id: "oidc", name: settings.OIDC_NAME ?? new URL(settings.OIDC_ISSUER).host });
  return choices;
}
