/**
 * Whether a conversation is measured in histograms at this rate (0 to 1, CAMPAIGN_METRICS_SAMPLE_RATE). The same answer
 * for one id in every process and at all times; whoever is in at a low rate is in at every higher one.
 */
export function sampled(conversationId: string, rate: number): boolean {
  return rate >= 1 || hash(conversationId) / 2 ** 32 < rate;
}

/** FNV-1a over UTF-16 units, then the last mixing steps of MurmurHash3, because similar ids must spread evenly. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
