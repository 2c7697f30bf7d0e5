import type { LaneGroup } from './lane-groups.js';
import type { NoteCode } from './notes.js';
import type { LocalArtifact, Table } from './data/table.js';
import type { GivenParameters, ParameterFacts, ParameterValue } from './parameters/parameter.js';
import type { Threshold } from './thresholds/index.js';
import type { Millis } from './units.js';
import type { UserTypeShare } from './user-types.js';
import type { LoadController } from './workload/find-limit.js';
import type { Load } from './workload/workload.js';

/** Selects tasks by tag: no tag of `exclude`, and one of `include` unless that is empty. */
export interface TagFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A user type of the plan, with the names of its selected tasks. */
export interface PlannedUserType extends UserTypeShare {
  /** The lane group of its users. */
  readonly laneGroup: string;
  readonly tasks: readonly string[];
  /** Connections to one target that each user may hold; absent if it has none of its own. */
  readonly connections?: number | undefined;
  /** Those of them that each user keeps until it ends; absent if there are none. */
  readonly keptConnections?: number | undefined;
}

/** Default for the failed requests that are kept of each error, and their maximum. */
export const DEFAULT_FAILURE_SAMPLES = 2;
export const MAX_FAILURE_SAMPLES = 20;

/** Default for the most series of a run. */
export const DEFAULT_MAX_SERIES = 1_000;

/** The validated, immutable description of a run: the scenario with options applied. */
export interface Plan {
  /** Name of the scenario in reports. */
  readonly name: string;
  /** Base URL of relative requests. */
  readonly target?: string | undefined;
  readonly userTypes: readonly PlannedUserType[];
  /** The lane groups of the user types, in their order; at least one. */
  readonly laneGroups: readonly LaneGroup[];
  readonly load: Load;
  /** Changes the load while the run goes on; absent if the load is known from the start. */
  readonly controller?: LoadController;
  /** The number from which random orders are computed, from 0 to 2^32 - 1. */
  readonly seed: number;
  readonly tags: TagFilter;
  readonly stopTimeoutMs: Millis;
  /** Series beyond this number are counted together. */
  readonly maxSeries: number;
  /** Failed requests that are kept of each error; absent for the default, 0 for none. */
  readonly failureSamples?: number;
  /** Whether the scenario has a setup. */
  readonly hasSetup: boolean;
  /** Whether the scenario has a teardown. */
  readonly hasTeardown: boolean;
  /** Environment variables of every process of the run, by name. They are not secret. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables that the code mentions and that are set on the starting machine. */
  readonly variablesHere?: readonly string[];
  /** Number of local addresses from which connections are opened, if there are several. */
  readonly sourceAddresses?: number | undefined;
  /** Labels of the run for reports and scripts. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The values of the scenario's parameters, the same in every process of the run. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Tables of test data, in the order of their declarations. */
  readonly tables?: readonly Table<LocalArtifact>[];
  /** Every parameter that the scenario declares, in its order. */
  readonly parameterFacts?: readonly ParameterFacts[];
  /** Requirements for the run; absent if there are none. */
  readonly thresholds?: readonly Threshold[];
  /** Where the seconds of the run are written while it runs: `NAME=URL`; absent if nowhere. */
  readonly outputs?: readonly string[];
  /** Names of the scenario's hooks on the master. */
  readonly masterHooks: readonly string[];
}

/** A stage of `--stage`: a change to a number of users, or to a rate per second. */
export interface StageOverride {
  readonly durationMs: Millis;
  readonly to: number;
  readonly unit: 'users' | 'per-second';
}

/** Command-line options that override the scenario. Absent fields change nothing. */
export interface PlanOverrides {
  readonly target?: string | undefined;
  readonly users?: number | undefined;
  readonly spawnRate?: number | undefined;
  /** Iterations that start per second, on users that stay. */
  readonly ratePerSecond?: number | undefined;
  /** Users that arrive per second. */
  readonly arrivalsPerSecond?: number | undefined;
  /** The most users of `ratePerSecond` or `arrivalsPerSecond`. */
  readonly maxUsers?: number | undefined;
  /** Iterations in total, shared by `users`. */
  readonly iterations?: number | undefined;
  /** Stages from `users`, `ratePerSecond` or `arrivalsPerSecond` on. */
  readonly stages?: readonly StageOverride[] | undefined;
  /** Whether starts are at random times. */
  readonly random?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly runTimeMs?: Millis | undefined;
  readonly stopTimeoutMs?: Millis | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly excludeTags?: readonly string[] | undefined;
  readonly maxSeries?: number | undefined;
  readonly failureSamples?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Values for the scenario's parameters. */
  readonly parameters?: GivenParameters | undefined;
  /** Thresholds in addition to those of the scenario, as written. */
  readonly thresholds?: readonly string[] | undefined;
  /** Conditions that end the run when they hold, as written. */
  readonly abortOn?: readonly string[] | undefined;
  /** Packages that are not bundled. Each worker must have them installed. */
  readonly external?: readonly string[] | undefined;
}

/** A problem of a scenario. All problems are reported together. */
export interface PlanProblem {
  /** The place in the scenario or the option, such as `users[0].weight` or `--users`. */
  readonly where: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A probable mistake that does not prevent the run. It becomes a note of the result. */
export interface PlanWarning extends PlanProblem {
  readonly code: NoteCode;
}

/** A problem as one sentence. */
export function sentenceOf({ where, message, hint }: PlanProblem): string {
  return `${where}: ${message}${hint === undefined ? '' : ` (${hint})`}.`;
}
