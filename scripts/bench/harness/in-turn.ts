import { setTimeout as pause } from 'node:timers/promises';
import type { CountingTarget } from './bench.js';
import type { Aim, LoadGenerator, RunningGenerator } from './generator.js';
import type { Cost, Counted, Span } from './measure.js';
import { othersShare, QUIET, watch, type Slice } from './slices.js';

/** Turns are short because the speed of a shared machine changes from second to second. */
const TURN_SECONDS = 0.5;
/**
 * Requests after which a generator counts as warm. With expensive requests, V8 takes long to
 * compile code that runs once for each.
 */
const WARM_REQUESTS = 10_000;
/** The longest warm-up, seconds. */
const LONGEST_WARM_UP = 20;
/** Milliseconds until a resumed generator runs at its usual rate. */
const SETTLE_MS = 100;
/** Milliseconds until the target has answered the requests in flight of a suspended generator. */
const DRAIN_MS = 30;
/** A generator without a request in this many consecutive turns has failed. */
const MOST_IDLE_TURNS = 6;
/** At most this many times the requested turns are run to find quiet ones. */
const PATIENCE = 3;

interface Where {
  readonly target: CountingTarget;
  readonly span: Span;
  readonly cores: string | undefined;
}

/** The result of one run of several generators. */
export interface Comparison {
  /**
   * Cost in each round, by the generator's name. All lists use the same index for the same round.
   */
  readonly costs: ReadonlyMap<string, readonly Cost[]>;
  readonly counts: readonly Counted[];
  /** Why a peer has no figures, by its name. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * Starts generators, suspends all but one, and runs them in turns of half a second. Each pair of
 * figures then comes from the same second, and noise of the machine cancels out. The last generator
 * starts last, so it is never suspended for longer than a round. A peer that exits or makes no load
 * is left out with the reason; the others keep their figures.
 * @throws Error if the last one, the basis of the comparison, fails
 */
export async function measureInTurn<A extends Aim>(
  generators: readonly LoadGenerator<A>[],
  aim: A,
  where: Where,
): Promise<Comparison> {
  const contestants: Contestant[] = [];
  const failed = new Map<string, string>();
  try {
    const ours = generators.at(-1)!;
    for (const generator of generators) {
      const contestant = await orFailure(() => Contestant.start(generator, aim, where), generator === ours);
      if (contestant instanceof Contestant) contestants.push(contestant);
      else failed.set(generator.name, contestant.message);
    }
    const rounds = await takeRounds(contestants, where, failed);
    const counts: Counted[] = [];
    const sound = contestants.filter(({ name }) => !failed.has(name));
    for (const contestant of sound) counts.push(...(await contestant.end()));
    const costs = sound.map(({ name }) => [name, rounds.map((round) => costOf(round.get(name)!))] as const);
    return { costs: new Map(costs), counts, failed };
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.kill()));
  }
}

/** The result of the attempt, or its error unless that is fatal. */
async function orFailure<T>(attempt: () => Promise<T>, isFatal: boolean): Promise<T | Error> {
  try {
    return await attempt();
  } catch (error) {
    if (isFatal || !(error instanceof Error)) throw error;
    return error;
  }
}

/** The turns of a round, by the generator's name. */
type Round = ReadonlyMap<string, Slice>;

/**
 * @param failed receives the generators that fail
 * @returns the turns of all generators for each round; only quiet rounds, if there were any
 */
async function takeRounds(
  contestants: readonly Contestant[],
  { span }: Where,
  failed: Map<string, string>,
): Promise<Round[]> {
  const wanted = Math.ceil(span.window / TURN_SECONDS);
  const all: Round[] = [];
  const quiet: Round[] = [];
  while (quiet.length < wanted && all.length < PATIENCE * wanted) {
    const round = new Map<string, Slice>();
    for (const contestant of contestants) {
      const { name } = contestant;
      if (failed.has(name)) continue;
      const turn = await orFailure(() => contestant.takeTurn(), contestant === contestants.at(-1));
      if (turn instanceof Error) failed.set(name, turn.message);
      else round.set(name, turn);
    }
    all.push(round);
    if ([...round.values()].every((turn) => othersShare(turn) < QUIET)) quiet.push(round);
  }
  return quiet.length > 0 ? quiet : all;
}

/** A generator that is suspended outside its turns. */
class Contestant {
  private seenByTarget = 0;

  private constructor(
    readonly name: string,
    private readonly running: RunningGenerator,
    private readonly target: CountingTarget,
  ) {}

  static async start<A extends Aim>(
    generator: LoadGenerator<A>,
    aim: A,
    { target, span, cores }: Where,
  ): Promise<Contestant> {
    const before = await target.requests();
    const contestant = new Contestant(generator.name, await generator.start(aim, cores), target);
    await pause(span.warmUp * 1_000);
    for (let seconds = span.warmUp; seconds < LONGEST_WARM_UP; seconds += TURN_SECONDS) {
      if ((await target.requests()) - before >= WARM_REQUESTS) break;
      await pause(TURN_SECONDS * 1_000);
    }
    await contestant.hold(before);
    return contestant;
  }

  /** A generator that is still starting may need more than one turn for its first request. */
  async takeTurn(): Promise<Slice> {
    for (let turn = 1; turn <= MOST_IDLE_TURNS; turn += 1) {
      const taken = await this.takeOneTurn();
      if (taken.requests > 0) return taken;
    }
    throw new Error(`${this.name} made no requests in ${MOST_IDLE_TURNS * TURN_SECONDS} s`);
  }

  /** @returns its own count beside the target's, if it counts exactly */
  async end(): Promise<Counted[]> {
    const before = await this.target.requests();
    this.running.resume();
    const counts = await this.running.end();
    this.seenByTarget += (await this.target.requests()) - before;
    return counts ? [{ ...counts, seenByTarget: this.seenByTarget }] : [];
  }

  kill(): Promise<void> {
    return this.running.kill();
  }

  private async takeOneTurn(): Promise<Slice> {
    const { target, running } = this;
    const before = await target.requests();
    running.resume();
    await pause(SETTLE_MS);
    const turn = await watch(running.pid, () => target.requests(), TURN_SECONDS);
    running.assertAlive();
    await this.hold(before);
    return turn;
  }

  private async hold(before: number): Promise<void> {
    this.running.hold();
    await pause(DRAIN_MS);
    this.seenByTarget += (await this.target.requests()) - before;
  }
}

function costOf(turn: Slice): Cost {
  const { cpuSeconds, requests, seconds } = turn;
  return {
    cpuUs: (cpuSeconds / requests) * 1e6,
    requestsPerSecond: requests / seconds,
    cores: cpuSeconds / seconds,
    others: othersShare(turn),
    counts: undefined,
  };
}
