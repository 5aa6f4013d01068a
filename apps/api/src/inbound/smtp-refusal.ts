/** Thrown to answer with an SMTP reply other than 250: 4xx makes the sender try again later, 5xx give up. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  readonly responseCode: number;

  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}
