import type { DeliveryPolicy } from '@campaign-manager/core/schemas';
import type { Evidence } from './evidence.js';
import type { Load } from './load.js';
import type { Allowance } from './oracle.js';
import type { Services } from './world/services.js';
import type { World, WorldSettings } from './world/world.js';

/** How much of a fault a profile asks for. */
export interface Dose {
  /** How often it is injected. */
  readonly times: number;
  readonly recipients: number;
  readonly policy: DeliveryPolicy;
}

/** One run of a fault; made anew for each run, so it may keep what it knows in its closure. */
export interface Plan<S extends Services = Services> {
  /** The campaigns that run meanwhile. */
  readonly loads: readonly Load[];
  readonly world?: WorldSettings<S>;
  /** The fault launches the campaigns itself (`world.launch`); default: they are launched before it is injected. */
  readonly launchesItself?: boolean;
  /**
   * Brings the trouble about while the campaigns run, calls `world.struck()` each time, and puts the world in order
   * again, so that the campaigns can end. Gives up when `world.over()` says that nothing is left to disturb.
   */
  inject(world: World<S>): Promise<void>;
  /** Replies that were acknowledged before this run, with their conversations. */
  readonly acknowledged?: ReadonlyMap<string, string>;
  /** How often it was injected, where that is not the number of strikes; such races have no recovery. */
  injected?(world: World<S>): number;
  /** When the system was seen at work, where recovery does not mean that mails arrive; milliseconds since 1970. */
  signsOfWork?(world: World<S>): readonly number[];
  /** What may be left behind, asked when all is over. */
  allowance(world: World<S>): Allowance;
  /** What else must hold; a sentence for everything that does not. */
  check?(world: World<S>, evidence: Evidence): readonly string[] | Promise<readonly string[]>;
}

/** One kind of trouble, and what must hold in spite of it. */
export interface Fault {
  /** As `--only` takes it. */
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  plan(dose: Dose): Plan;
}
