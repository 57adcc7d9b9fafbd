/**
 * What a tombstone takes away. "entry": the statement and everything it cites. "name": only the public name of who acted.
 * "repository": the statement, because it names a repository; what it cites stays.
 */
export const tombstoneScopes = ["entry", "name", "repository"] as const;
