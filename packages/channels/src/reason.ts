const MAX_REASON_LENGTH = 300;

/** What went wrong, in one line. A failed connect to several addresses is an AggregateError without a message. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorText).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** One line of bounded length without the recipient's address, which servers like to repeat in their answers. */
export function tidyReason(text: string, address: string): string {
  const pattern = address.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const anonymous = address === '' ? text : text.replace(new RegExp(pattern, 'gi'), '(recipient)');
  return anonymous.replace(/\s+/g, ' ').trim().slice(0, MAX_REASON_LENGTH);
}
