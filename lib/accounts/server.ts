import "server-only";

export { authOptions } from "./auth-options";
export { deleteAccount } from "./delete-account";
export { endSession } from "./end-session";
export { configuredProviders } from "./providers";
export { accountPage } from "./queries";
export { redeemSetupLink, setupLinkIsOpen } from "./redeem-setup-link";
export { renameAccount } from "./rename-account";
export { sessionCookie, startSignIn } from "./start-sign-in";
export { unlinkIdentity } from "./unlink-identity";
export { currentViewer } from "./viewer";
