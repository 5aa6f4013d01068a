/** A MongoDB or Redis that is ready to be used (design, section 8). */
export interface LocalService {
  /** Address for the driver, for example `mongodb://127.0.0.1:40123`. May hold a password: not for logs. */
  readonly uri: string;
  /** One sentence for people that names what was taken; free of passwords. */
  readonly source: string;
  /** The server's process, where it is one of ours. */
  readonly pid?: number;
  /** Ends the server and removes its temporary data. A server that was only named by its address is left alone. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** An address that the caller was given (MONGODB_URI, REDIS_URL). It is binding: nothing else is tried, nothing is started. */
  readonly uri?: string;
  /** Folder whose data outlives the server. Without it, data is temporary and removed by `stop`. */
  readonly dataDir?: string;
  /** Port on 127.0.0.1. Without it, any free one. */
  readonly port?: number;
  /** Only a process of this machine, which can be sent signals: no container. */
  readonly asProcess?: boolean;
  /** Where downloaded servers are kept. Default: `.cache/campaign-manager` in the user's home. */
  readonly cacheDir?: string;
  /** Gets a line when something is about to take long, such as a download. */
  readonly log?: (line: string) => void;
}
