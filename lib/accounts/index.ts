export type { ProviderChoice, ProviderId } from "./providers";
export type { AccountPage } from "./queries";
