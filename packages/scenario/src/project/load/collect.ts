import {
  keyHint,
  workloadDurationMs,
  type LoadController,
  type Millis,
  type PlanProblem,
  type Workload,
} from '@drumline/model';
import type { LimitSearch } from '../../authoring/load/find-limit.js';
import type { InTurn, Load } from '../../authoring/load/load.js';
import type { RateDraft } from '../../authoring/load/rates.js';
import { draftLimitSearch } from './find-limit.js';

/** A part of the load, before its user types are numbered. */
export interface PartDraft {
  /** Its place in the scenario, such as `load.shopper` or `load.warmUp`. */
  readonly where: string;
  readonly phase: string;
  /** The user type that has this load for itself; undefined if all types share it. */
  readonly user: string | undefined;
  readonly startMs: Millis | null;
  /** Indexes of the parts that must have ended before, if `startMs` is null. */
  readonly follows: readonly number[];
  readonly workload: Exclude<Workload, { kind: 'arrivals' | 'iterations' }> | RateDraft;
  /** Whether a phase follows. */
  isFollowed: boolean;
}

/** The parts of a load, and what is wrong with its structure. */
export interface CollectedLoad {
  readonly parts: readonly PartDraft[];
  readonly problems: readonly PlanProblem[];
  /** What changes the load during the run, if anything does. */
  readonly controller: LoadController | undefined;
}

/** When a load may start: at a time, or after parts whose end is unknown. */
interface Start {
  readonly atMs: Millis | null;
  readonly follows: readonly number[];
}

/** Where a load stands in the load of the scenario. */
interface Place {
  readonly where: string;
  readonly phase: string;
  readonly user: string | undefined;
}

const HINT = "use for example ramp({ to: 50, over: '30s' }).hold('5m') or arrivals('20/s').hold('5m')";

/**
 * Collects the parts of a scenario's load. JavaScript authors have no compiler, so nothing is
 * assumed.
 * @param users names of the user types
 */
export function collectParts(load: unknown, users: readonly string[]): CollectedLoad {
  const collector = new Collector(users);
  collector.all(load, { where: 'load', phase: '', user: undefined }, { atMs: 0, follows: [] });
  return collector;
}

class Collector implements CollectedLoad {
  readonly parts: PartDraft[] = [];
  readonly problems: PlanProblem[] = [];
  controller: LoadController | undefined;

  constructor(private readonly users: readonly string[]) {}

  /** A load for all users, several side by side, or one by user type. */
  all(load: unknown, place: Place, start: Start): void {
    if (isByUser(load)) this.byUser(load, place, start);
    else this.sideBySide(load, place, start);
  }

  private byUser(loads: Readonly<Record<string, unknown>>, place: Place, start: Start): void {
    const { where } = place;
    for (const [user, load] of Object.entries(loads)) {
      if (!this.users.includes(user))
        this.add(
          `${where}.${user}`,
          'is not a user type',
          keyHint(user, this.users).replace('options', 'user types'),
        );
      else if (load !== undefined)
        this.sideBySide(load, { ...place, where: `${where}.${user}`, user }, start);
    }
    // Phases may be for some user types only.
    if (place.phase !== '') return;
    for (const user of this.users)
      if (!Object.hasOwn(loads, user) || loads[user] === undefined)
        this.add(
          where,
          `the user type '${user}' has no load, so none of its users would run`,
          `add for example ${user}: startWith(1).hold('5m'), or ${user}: [] to run none`,
        );
  }

  private sideBySide(load: unknown, place: Place, start: Start): void {
    if (!Array.isArray(load)) this.one(load, place, start);
    else if (load.length === 0 && place.user === undefined)
      this.add(place.where, 'is an empty list, so no users would run', HINT);
    else
      load.forEach((each: unknown, index) =>
        this.one(each, { ...place, where: `${place.where}[${index}]` }, start),
      );
  }

  private one(load: unknown, place: Place, start: Start): void {
    const { kind } = (load ?? {}) as { kind?: unknown };
    if (kind === 'load') this.part(load as Load, place, start);
    else if (kind === 'in-turn' && place.phase === '') this.inTurn(load as InTurn, place, start);
    else if (kind === 'find-limit') this.search(load as LimitSearch, place, start);
    else if (kind === 'in-turn')
      this.add(place.where, 'is inTurn(…) within inTurn(…)', 'write all phases in one inTurn({ … })');
    else if (kind === 'shape')
      this.add(
        place.where,
        'is shape(…), which decides about all users',
        'write load: shape(…), and return the users of each type, such as { shopper: 500 }',
      );
    else this.add(place.where, 'is not a load', HINT);
  }

  private part(
    { workload, afterMs }: Pick<Load, 'afterMs'> & Pick<PartDraft, 'workload'>,
    place: Place,
    start: Start,
  ): void {
    if (start.atMs === null && afterMs > 0) {
      this.add(
        place.where,
        '.after(…) cannot follow a fixed number of iterations, whose duration is unknown',
        'remove .after(…)',
      );
    }
    const startMs = start.atMs === null ? null : start.atMs + afterMs;
    this.parts.push({ ...place, startMs, follows: start.follows, workload, isFollowed: false });
  }

  /** A search sets the load of the whole run. */
  private search({ options }: LimitSearch, place: Place, start: Start): void {
    if (place.where !== 'load')
      return this.add(
        place.where,
        'is findLimit(…), which can only be the whole load',
        'use load: findLimit({ … })',
      );
    const { controller, workload } = draftLimitSearch(options, place.where, this.problems);
    if (workload) this.part({ workload, afterMs: 0 }, place, start);
    this.controller = controller;
  }

  private inTurn({ phases, afterMs }: InTurn, place: Place, start: Start): void {
    if (phases.length === 0) this.add(place.where, 'has no phases', 'use inTurn({ warmUp: …, test: … })');
    if (phases.some(([name]) => /^\d*$/.test(name)))
      this.add(
        place.where,
        'has a phase without a name, or with a number for a name',
        'use names such as warmUp',
      );
    let next: Start = { ...start, atMs: start.atMs === null ? null : start.atMs + afterMs };
    phases.forEach(([name, load], index) => {
      const first = this.parts.length;
      this.all(load, { ...place, where: `${place.where}.${name}`, phase: name }, next);
      if (index < phases.length - 1) next = this.afterParts(first, next);
    });
  }

  /** When the phase after those parts starts. */
  private afterParts(first: number, before: Start): Start {
    const indexes = this.parts.slice(first).map((_, index) => first + index);
    let atMs = before.atMs;
    for (const index of indexes) {
      const part = this.parts[index]!;
      part.isFollowed = true;
      const { startMs, workload, where } = part;
      const durationMs = workload.kind === 'fixed' ? null : workloadDurationMs(workload as Workload);
      if (durationMs === null && workload.kind !== 'fixed')
        this.add(
          where,
          'holds until the run is stopped, so the next phase never starts',
          "set a duration: .hold('5m')",
        );
      // Fixed numbers of iterations end when they are done, even if there is a limit.
      atMs =
        startMs === null || durationMs === null || atMs === null
          ? null
          : Math.max(atMs, startMs + durationMs);
    }
    return { atMs, follows: atMs === null ? indexes : [] };
  }

  private add(where: string, message: string, hint: string): void {
    this.problems.push({ where, message, hint });
  }
}

function isByUser(load: unknown): load is Readonly<Record<string, unknown>> {
  return (
    typeof load === 'object' &&
    load !== null &&
    !Array.isArray(load) &&
    typeof (load as { kind?: unknown }).kind !== 'string'
  );
}
