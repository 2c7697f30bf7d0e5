// Scenarios that a master can start itself, as types without a library.

/** A scenario file of the master's directory. */
export interface ScenarioFile {
  /** Relative to the directory, with `/`. */
  path: string;
  /** ISO 8601, UTC. */
  changedAt: string;
}

export interface ScenariosView {
  /** Sorted by path; empty if the master has no directory of scenarios. */
  scenarios: ScenarioFile[];
  /** Whether the master has a directory of scenarios. */
  hasDirectory: boolean;
}

/** A parameter that a scenario declares. */
export interface ParameterView {
  name: string;
  kind: 'text' | 'number' | 'boolean' | 'duration';
  /** Absent for secret parameters. */
  default?: string | number | boolean;
  /** The allowed values; absent for any. */
  choices?: string[];
  /** The least number or duration. */
  min?: string;
  max?: string;
  required: boolean;
  secret: boolean;
  /** Environment variable of the master that sets it. */
  env?: string;
  help?: string;
}

/** A problem of a scenario or of an option. */
export interface ProblemView {
  /** The place in the scenario or the option: `users[0].weight`, `--users`, `--param items`. */
  where: string;
  message: string;
  hint?: string;
}

/** What a scenario needs, with its defaults. */
export interface ScenarioView {
  /** Relative to the directory; the name of an uploaded file. */
  path: string;
  /** Its name in reports. */
  name: string;
  /** The comment at the start of its file. */
  description?: string;
  target?: string;
  parameters: ParameterView[];
  userTypes: { name: string; weight: number; tasks: string[] }[];
  /** A sentence for each part of the load; empty if the plan has problems. */
  load: string[];
  /** How long a run lasts: `10m`, `until stopped`; absent if the plan has problems. */
  length?: string;
  /** By what a run is judged, such as `GET /: p95 < 200ms`; empty if the plan has problems. */
  thresholds: string[];
  /** Why a run without further values cannot start. */
  problems: ProblemView[];
}

/** A scenario file that is sent with a request. It may import `drumline` and modules of Node. */
export interface ScenarioUpload {
  /** Such as `shop.ts`. */
  name: string;
  text: string;
}

/** A run of a scenario that the master plans, bundles and submits to itself. */
export interface ScenarioStart {
  /** A scenario of the directory, or `upload`. */
  path?: string;
  upload?: ScenarioUpload;
  /** Options of the command line by their names: `{ users: '50', 'run-time': '5m' }`. */
  options?: Record<string, string>;
  /** Values of the scenario's parameters by name, as in `--param`. */
  parameters?: Record<string, string>;
  /** Values of the scenario's secrets by name. No response shows them. */
  secrets?: Record<string, string>;
  labels?: Record<string, string>;
  /** How many workers the run takes; absent for all. */
  workers?: number;
  /** How long it may wait in the queue, such as `30m`; absent: forever. */
  maxWait?: string;
  /** Whether it starts when its workers are ready; default true. */
  autostart?: boolean;
}
