import type { ApiRole } from '@drumline/model';
import {
  accessView,
  clusterWorkersView,
  compareRequest,
  comparisonView,
  emptyRequest,
  healthView,
  orderReply,
  rateRequest,
  runRequest,
  runResult,
  runsPage,
  runsRequest,
  runView,
  statsView,
  statusView,
  timelineRequest,
  timelineView,
  usersRequest,
  workersView,
  type CompareQuery,
  type RunsQuery,
  type TimelineQuery,
} from '@drumline/wire';
import type { ControlPlane, RunPlane } from '../../service/control-plane.js';
import type { Schema } from './shape.js';

/** A call of the gRPC control API, and the request of REST that does the same. */
export interface Operation {
  /** Name of the method. */
  readonly name: string;
  readonly summary: string;
  /** As in the OpenAPI document. */
  readonly rest: string;
  /** Name and schema of the request. */
  readonly request: readonly [name: string, schema: Schema];
  /** Name and schema of the response, or of each one of a stream. */
  readonly response: readonly [name: string, schema: Schema];
  /** @throws RequestError, DrumlineError */
  readonly call: (control: ControlPlane, request: never, role: ApiRole) => unknown;
}

export interface NamesRun {
  readonly run?: string;
}

const OF_RUN = ['RunRequest', runRequest] as const;

/** A call that reads a run. */
export function view(
  name: string,
  path: string,
  summary: string,
  response: Operation['response'],
  read: (run: RunPlane) => unknown,
): Operation {
  const rest = `GET /v1/runs/{id}${path}`;
  const call = (control: ControlPlane, { run }: NamesRun): unknown => read(planeOf(control, run));
  return { name, summary, rest, request: OF_RUN, response, call };
}

function order<R extends NamesRun>(
  name: string,
  path: string,
  summary: string,
  act: (run: RunPlane, request: R) => string,
  request: Operation['request'] = OF_RUN,
): Operation {
  const call = (control: ControlPlane, given: R): unknown => {
    const run = planeOf(control, given.run);
    const message = act(run, given);
    return { state: run.view().state, message };
  };
  return {
    name,
    summary,
    rest: `POST /v1/runs/{id}${path}`,
    request,
    response: ['OrderReply', orderReply],
    call,
  };
}

/** @throws RequestError `run-unknown`, `run-ambiguous` */
export function planeOf(control: ControlPlane, run: string | undefined): RunPlane {
  return control.run(run === undefined || run === '' ? 'current' : run);
}

/** The calls that read the master and runs, and control runs. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'GetHealth',
    summary: 'The state of the master',
    rest: 'GET /v1/health',
    request: ['GetHealthRequest', emptyRequest],
    response: ['Health', healthView],
    call: (control) => control.health(),
  },
  {
    name: 'GetAccess',
    summary: 'What the token of this call allows',
    rest: 'GET /v1/access',
    request: ['GetAccessRequest', emptyRequest],
    response: ['Access', accessView],
    call: (_control, _request, role) => ({ role }),
  },
  {
    name: 'ListWorkers',
    summary: 'Every worker of the cluster, with the run that has it',
    rest: 'GET /v1/workers',
    request: ['ListWorkersRequest', emptyRequest],
    response: ['ClusterWorkers', clusterWorkersView],
    call: (control) => ({ workers: control.workers() }),
  },
  {
    name: 'ListRuns',
    summary: 'The runs, the newest first, in pages',
    rest: 'GET /v1/runs',
    request: ['ListRunsRequest', runsRequest],
    response: ['RunsPage', runsPage],
    // A list without elements is the same as an absent one.
    call: (control, { state = [], ...query }: RunsQuery) =>
      control.runs({ ...query, ...(state.length > 0 && { state }) }),
  },
  {
    name: 'CompareRuns',
    summary: 'Compare two runs that have ended',
    rest: 'GET /v1/compare',
    request: ['CompareRunsRequest', compareRequest],
    response: ['Comparison', comparisonView],
    call: (control, query: CompareQuery) => control.compare(query),
  },
  view('GetRun', '', 'A run, as in the list of runs', ['Run', runView], (run) => run.view()),
  view('GetStatus', '/status', 'State of the run', ['Status', statusView], (run) => run.status()),
  view(
    'ListRunWorkers',
    '/workers',
    'Workers of the run and their lanes',
    ['Workers', workersView],
    async (run) => ({ workers: await run.workers() }),
  ),
  view('GetStats', '/stats', 'Statistics so far, in total and per series', ['Stats', statsView], (run) =>
    run.stats(),
  ),
  {
    name: 'GetTimeline',
    summary: 'Timeline on the clock of the master',
    rest: 'GET /v1/runs/{id}/timeline',
    request: ['GetTimelineRequest', timelineRequest],
    response: ['Timeline', timelineView],
    call: (control, { run, ...query }: NamesRun & TimelineQuery) => planeOf(control, run).timeline(query),
  },
  view('GetResult', '/result', 'The result of the run, once it has ended', ['Result', runResult], (run) =>
    run.result(),
  ),
  order('StartRun', '/start', 'Start a run that waits to be started', (run) => run.start()),
  order('StopRun', '/stop', 'Stop gracefully: running tasks finish and all results are collected', (run) =>
    run.stop(),
  ),
  order('CancelRun', '/cancel', 'End at once: what workers have not reported is not counted', (run) =>
    run.cancel(),
  ),
  order('PauseRun', '/pause', 'Pause: users finish their task, then wait', (run) => run.pause()),
  order('ResumeRun', '/resume', 'Resume a paused run', (run) => run.resume()),
  order('ResetRun', '/reset', 'Discard the statistics so far', (run) => run.reset()),
  order(
    'SetUsers',
    '/users',
    'Change the number of users',
    (run, { users, spawnRate, user }: NamesRun & { users: number; spawnRate?: number; user?: string }) =>
      run.setUsers({ users, perSecond: spawnRate, user }),
    ['SetUsersRequest', usersRequest],
  ),
  order(
    'SetRate',
    '/rate',
    'Change the rate of arrivals or iterations',
    (
      run,
      { perSecond, overMs = 0, user }: NamesRun & { perSecond: number; overMs?: number; user?: string },
    ) => run.setRate({ perSecond, overMs, user }),
    ['SetRateRequest', rateRequest],
  ),
];
