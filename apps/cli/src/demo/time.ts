/** In the demo an hour of the templates lasts a tenth of a second. */
export const HOUR_MS = 100;

/** CAMPAIGN_STAGE_DELAY_FACTOR: what an hour lasts, over what an hour is. */
export const DELAY_FACTOR = HOUR_MS / 3_600_000;

/** What the campaign's calendar shows after so many real milliseconds: `day 3, 07:00`. */
export function campaignCalendar(elapsedMs: number): string {
  const hours = Math.floor(elapsedMs / HOUR_MS);
  return `day ${Math.floor(hours / 24) + 1}, ${String(hours % 24).padStart(2, '0')}:00`;
}
