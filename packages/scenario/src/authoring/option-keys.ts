import { optionKeys } from '@drumline/model';
import type { CheckOptions, CustomSample, RequestName } from './context.js';
import type { MetricOptions } from './metric-options.js';
import type { UserOnFailure } from './on-failure.js';
import type { MasterHooks, WorkerHooks } from './hooks.js';
import type { ScenarioSpec } from './scenario.js';
import type {
  AbortOptions,
  CheckThreshold,
  MetricThreshold,
  RequestFilter,
  RequestThreshold,
} from './thresholds.js';
import type { ChoiceOptions, GroupOptions, TaskOptions } from './tasks.js';
import type { LaneGroupSpec, UserSpec } from './user.js';

// The keys of every options object of the scenario API, to find misspelt ones at run time.

export const SCENARIO_KEYS = optionKeys<ScenarioSpec>({
  name: true,
  target: true,
  users: true,
  load: true,
  stopTimeout: true,
  http: true,
  tags: true,
  thresholds: true,
  failureSamples: true,
  outputs: true,
  setup: true,
  teardown: true,
  onMaster: true,
  onWorker: true,
});

export const MASTER_HOOK_KEYS = optionKeys<MasterHooks>({
  runStart: true,
  runStop: true,
  second: true,
  tenSeconds: true,
  workerJoined: true,
  workerLeft: true,
  workerLost: true,
});

export const WORKER_HOOK_KEYS = optionKeys<WorkerHooks>({
  runStart: true,
  runStop: true,
  second: true,
  tenSeconds: true,
});

export const USER_KEYS = optionKeys<UserSpec<unknown>>({
  weight: true,
  fixedCount: true,
  lanes: true,
  wait: true,
  http: true,
  tags: true,
  onFailure: true,
  data: true,
  onStart: true,
  onStop: true,
  tasks: true,
});

export const LANES_KEYS = optionKeys<LaneGroupSpec>({ group: true, count: true });

export const TASK_KEYS = optionKeys<TaskOptions>({ weight: true, tags: true, onFailure: true });

/** Options of `inOrder`. */
export const GROUP_KEYS = optionKeys<GroupOptions>({ onFailure: true });

/** Options of `anyOf`. */
export const CHOICE_KEYS = optionKeys<ChoiceOptions>({ picks: true, onFailure: true });

export const USER_FAILURE_KEYS = optionKeys<UserOnFailure>({ onStart: true, tasks: true });

const NAME_KEYS = { protocol: true, method: true, name: true, tags: true } as const;

/** Options of `measure`. */
export const REQUEST_NAME_KEYS = optionKeys<RequestName>(NAME_KEYS);

/** Options of `record`. */
export const CUSTOM_SAMPLE_KEYS = optionKeys<CustomSample>({
  ...NAME_KEYS,
  durationMs: true,
  failure: true,
  bytesSent: true,
  bytesReceived: true,
});

export const CHECK_KEYS = optionKeys<CheckOptions>({ tags: true });

export const METRIC_KEYS = optionKeys<MetricOptions>({ tags: true });

export const REQUEST_THRESHOLD_KEYS = optionKeys<RequestThreshold>({ of: true, is: true, abort: true });

export const REQUEST_FILTER_KEYS = optionKeys<RequestFilter>({
  user: true,
  phase: true,
  tags: true,
  name: true,
  method: true,
  protocol: true,
});

export const CHECK_THRESHOLD_KEYS = optionKeys<CheckThreshold>({
  check: true,
  phase: true,
  tags: true,
  is: true,
  abort: true,
});

export const METRIC_THRESHOLD_KEYS = optionKeys<MetricThreshold>({
  metric: true,
  phase: true,
  tags: true,
  is: true,
  abort: true,
});

export const ABORT_KEYS = optionKeys<AbortOptions>({ after: true });
