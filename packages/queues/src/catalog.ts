/**
 * Every queue and job of the system (design, section 5). A job is only a hint: it carries ids, never personal data, and
 * what is to be done is decided from the documents. Payloads change only by optional fields, since jobs outlive
 * deployments.
 */
export const QUEUES = ['campaigns', 'conversations', 'messages', 'notifications'] as const;
export type QueueName = (typeof QUEUES)[number];

/** The trace that a job belongs to, so that its log lines can be found together. */
interface Traced {
  readonly trace_id?: string;
}

/** Such a job had been lost: whoever does it counts a repair, if there was anything left to do. */
interface Repairing {
  readonly repair?: boolean;
}

export interface Jobs {
  readonly campaigns: {
    /** Creates the conversations of the audience behind `cursor`, one page a job. */
    readonly initialize: Traced & Repairing & { readonly campaign_id: string; readonly cursor: string };
    /** Ends what is open of a campaign that ended or was cancelled, one page a job. */
    readonly close: Traced & Repairing & { readonly campaign_id: string };
  };
  readonly conversations: {
    /** Decides conversations of one campaign; `open_batch` names an expired batch to adopt. */
    readonly 'advance-batch': Traced & {
      readonly campaign_id: string;
      readonly conversation_ids: readonly string[];
      readonly open_batch?: string;
    };
    /** Decides one conversation; `suspect` says that it failed or crashed a worker before. */
    readonly advance: Traced & { readonly conversation_id: string; readonly suspect?: boolean };
  };
  readonly messages: {
    /** Tries a deferred message again. */
    readonly retry: Traced & { readonly key: string };
  };
  readonly notifications: {
    /** Tells a human of an escalation. */
    readonly escalate: Traced & Repairing & { readonly escalation_id: string };
  };
}

export type JobName<Q extends QueueName> = keyof Jobs[Q] & string;

export interface RetryPolicy {
  readonly attempts: number;
}

/** How often BullMQ tries a job; every retry waits for `CAMPAIGN_RETRY_DELAY_SECONDS`. */
export const RETRIES: Readonly<Record<QueueName, RetryPolicy>> = {
  campaigns: { attempts: 5 },
  conversations: { attempts: 5 },
  messages: { attempts: 5 },
  notifications: { attempts: 8 },
};

/** Finished jobs that stay to be looked at. */
export const KEPT_JOBS = { completed: 200, failed: 1000 } as const;
