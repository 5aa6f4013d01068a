/** What has been on its way for longer than this is stranded: its process died. */
export const STRANDED_MS = 15_000;
