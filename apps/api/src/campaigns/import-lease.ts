/** An import that has not stored anything for this long no longer keeps its campaign from being launched. */
export const IMPORT_LEASE_MS = 60_000;
