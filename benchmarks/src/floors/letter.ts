/** The template's only message as it is rendered for a recipient, so that no floor renders anything. Pure. */
export function subjectTo(recipientId: string): string {
  return `A word on Company of ${recipientId}`;
}

export function bodyTo(recipientId: string): string {
  return `Dear Ada ${recipientId}, this is what our monthly letter looks like: two sentences of text with a name in it, and a question at the end. Shall we talk about Company of ${recipientId}?`;
}
