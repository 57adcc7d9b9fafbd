import "server-only";

export { authOptions } from "./auth-options";
export { deleteAccount } from "./delete-account";
export { endSession } from "./end-session";
export { accountPage } from "./queries";
export { renameAccount } from "./rename-account";
export { unlinkIdentity } from "./unlink-identity";
export { useSetupLink } from "./use-setup-link";
export { currentViewer } from "./viewer";
