import type { LaneGroup } from './lane-groups.js';
import type { LoadProfile } from './load.js';
import type { NoteCode } from './notes.js';
import type { Millis } from './units.js';
import type { UserTypeShare } from './user-types.js';

/** Which tasks run, by their tags: none of `exclude`, and one of `include` where it is not empty. */
export interface TagFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A user type of the plan, with the names of its tasks that the tags leave. */
export interface PlannedUserType extends UserTypeShare {
  /** Whose lanes its users run on. */
  readonly laneGroup: string;
  readonly tasks: readonly string[];
  /** Connections to one target that each user may hold; absent if it holds none of its own. */
  readonly connections?: number | undefined;
}

/** Series that a run tells apart, unless told otherwise. */
export const DEFAULT_MAX_SERIES = 1_000;

/** The validated, immutable description of a run: what the scenario says, with the flags applied. */
export interface Plan {
  /** The scenario's name, for people: by default its file's. */
  readonly name: string;
  /** Base URL of relative requests. */
  readonly target?: string | undefined;
  readonly userTypes: readonly PlannedUserType[];
  /** At least one; those of the user types, in their order. */
  readonly laneGroups: readonly LaneGroup[];
  readonly load: LoadProfile;
  readonly tags: TagFilter;
  readonly stopTimeoutMs: Millis;
  /** Series beyond so many are counted together. */
  readonly maxSeries: number;
  /** Which of the run's own functions the scenario has. */
  readonly hasSetup: boolean;
  readonly hasTeardown: boolean;
  /** Variables that `process.env` has everywhere in the run, by name. They are not secret. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables that the scenario's code mentions, and that have a value where it was read. */
  readonly variablesHere?: readonly string[];
  /** Local addresses that connections start from, if there are several. */
  readonly sourceAddresses?: number | undefined;
  /** What people call this run by, for reports and scripts. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Events the scenario wants to hear of on the master. */
  readonly masterHooks: readonly string[];
}

/** What flags say against the scenario. Absent fields leave the scenario's word. */
export interface PlanOverrides {
  readonly target?: string | undefined;
  readonly users?: number | undefined;
  readonly spawnRate?: number | undefined;
  readonly runTimeMs?: Millis | undefined;
  readonly stopTimeoutMs?: Millis | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly excludeTags?: readonly string[] | undefined;
  readonly maxSeries?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Packages that are not bundled: each worker has its own. */
  readonly external?: readonly string[] | undefined;
}

/** One mistake of a scenario. All of them are found before anyone is told. */
export interface PlanProblem {
  /** Path into the scenario or the flag: `users[0].weight`, `--users`. */
  readonly where: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Something that the author probably did not mean, although the run can go on. It becomes a note of
 * the result.
 */
export interface PlanWarning extends PlanProblem {
  readonly code: NoteCode;
}

/** A problem as one sentence. */
export function sentenceOf({ where, message, hint }: PlanProblem): string {
  return `${where}: ${message}${hint === undefined ? '' : ` (${hint})`}.`;
}
