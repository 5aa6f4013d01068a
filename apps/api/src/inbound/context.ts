import type { Config, Metrics } from '@campaign-manager/runtime';
import type { ApiContext } from '../context.js';

/** What the listener for inbound mail needs beside what every part of the api has. */
export interface InboundContext extends ApiContext {
  readonly config: ApiContext['config'] & Pick<Config, 'inboundDomain' | 'inboundSmtpHost' | 'inboundSmtpPort'>;
  readonly metrics: ApiContext['metrics'] & Pick<Metrics, 'inboundMails'>;
}
