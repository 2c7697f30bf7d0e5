/**
 * A state machine as a table: the next state for each state and event. An event that is missing in
 * a state is refused.
 */
export type StateTable<S extends string, E extends string> = Readonly<
  Record<S, Readonly<Partial<Record<E, S>>>>
>;

export type RunState =
  | 'created'
  | 'queued'
  | 'gathering'
  | 'preparing'
  | 'ready'
  | 'running'
  | 'draining'
  | 'finished'
  | 'aborted'
  | 'failed';
export type RunEvent =
  'queue' | 'open' | 'gathered' | 'prepared' | 'start' | 'resume' | 'stop' | 'drained' | 'abort' | 'fail';

/**
 * States of a run on the master. `queued` waits for its turn. `ready` waits for `start`. `running`
 * includes a paused run. `resume` continues the run of a master that has died.
 */
export const RUN_STATES: StateTable<RunState, RunEvent> = {
  created: { queue: 'queued', open: 'gathering', resume: 'running', fail: 'failed' },
  queued: { open: 'gathering', stop: 'aborted', abort: 'aborted', fail: 'failed' },
  gathering: { gathered: 'preparing', stop: 'aborted', abort: 'aborted', fail: 'failed' },
  preparing: { prepared: 'ready', stop: 'aborted', abort: 'aborted', fail: 'failed' },
  ready: { start: 'running', stop: 'aborted', abort: 'aborted', fail: 'failed' },
  running: { stop: 'draining', abort: 'aborted', fail: 'failed' },
  draining: { drained: 'finished', abort: 'aborted', fail: 'failed' },
  finished: {},
  aborted: {},
  failed: {},
};

/** Whether a run in this state has ended. False for a state that is not in the table. */
export function isRunOver(state: string): boolean {
  return Object.hasOwn(RUN_STATES, state) && Object.keys(RUN_STATES[state as RunState]).length === 0;
}

export type MemberState = 'present' | 'missing' | 'left';
export type MemberEvent = 'lost' | 'returned' | 'leave';

/** Whether a worker is reachable. A worker whose heartbeat is late is shown as `suspect`. */
export const MEMBER_STATES: StateTable<MemberState, MemberEvent> = {
  present: { lost: 'missing', leave: 'left' },
  missing: { returned: 'present', leave: 'left' },
  left: {},
};

export type ParticipantState = 'idle' | 'preparing' | 'ready' | 'running' | 'draining';
export type ParticipantEvent = 'prepare' | 'prepared' | 'start' | 'drain' | 'drained' | 'lost';

/** What a worker does in a run. A lost worker begins again when it returns. */
export const PARTICIPANT_STATES: StateTable<ParticipantState, ParticipantEvent> = {
  idle: { prepare: 'preparing', drain: 'draining', lost: 'idle' },
  preparing: { prepared: 'ready', drain: 'draining', lost: 'idle' },
  ready: { start: 'running', drain: 'draining', lost: 'idle' },
  running: { drain: 'draining', drained: 'idle', lost: 'idle' },
  draining: { drained: 'idle', lost: 'idle' },
};

/** What a worker does in a run, or why it does nothing: the state that people and programs see. */
export type WorkerState = 'joining' | ParticipantState | Exclude<MemberState, 'present'>;

export type LaneState = 'booting' | 'loaded' | 'running' | 'draining' | 'done' | 'crashed';
export type LaneEvent = 'load' | 'run' | 'drain' | 'drained' | 'crash' | 'restart';

/** States of a lane in its worker's control process. */
export const LANE_STATES: StateTable<LaneState, LaneEvent> = {
  booting: { load: 'loaded', crash: 'crashed' },
  loaded: { run: 'running', drain: 'draining', crash: 'crashed' },
  running: { drain: 'draining', crash: 'crashed' },
  draining: { drained: 'done', crash: 'crashed' },
  done: { crash: 'crashed', run: 'running' },
  crashed: { restart: 'booting' },
};

/** Follows a state table. */
export class StateMachine<S extends string, E extends string> {
  constructor(
    private readonly table: StateTable<S, E>,
    public state: S,
    private readonly onChange: (to: S, from: S, event: E) => void = () => {},
  ) {}

  /** @returns whether the current state accepts the event */
  send(event: E): boolean {
    const from = this.state;
    const to = this.table[from][event];
    if (to === undefined) return false;
    this.state = to;
    this.onChange(to, from, event);
    return true;
  }
}
