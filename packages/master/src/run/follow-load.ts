import type { ScenarioHost } from '@drumline/scenario/project';
import type { ParticipantList } from '../allocation/participant-list.js';
import type { Registry } from '../cluster/registry.js';
import type { Intervals } from '../intervals/intervals.js';
import type { StoreWriter } from '../store/store-writer.js';
import { followLimit } from './follow-limit.js';
import { recordHistories } from './record-histories.js';
import type { RunClock } from './run-clock.js';
import type { Emit, RunEnds } from './run-events.js';
import { StartedRun, type PlannedRun } from './started-run.js';
import { followShape } from './shape/follow-shape.js';
import { watchThresholds } from './watch-thresholds.js';
import { Watch, type WatchParts } from './watch.js';

interface Parts extends Omit<WatchParts, 'run' | 'aggregate'> {
  readonly run: WatchParts['run'] & RunEnds & { readonly writer: Pick<StoreWriter, 'changedHistory'> };
  readonly intervals: Intervals;
  readonly participants: ParticipantList;
  readonly emit: Emit;
  readonly registry: Pick<Registry, 'unreadForMs'>;
  readonly host: Pick<ScenarioHost, 'askShape'>;
}

/**
 * Starts a run: its load follows the clock, and its seconds close and are judged.
 * @param fromSecond the first second that has not been closed
 */
export function followLoad(
  planned: PlannedRun,
  clock: RunClock,
  fromSecond: number,
  { intervals, participants, registry, ...parts }: Parts,
): { readonly started: StartedRun; readonly watch: Watch } {
  const onEnd = (): void => parts.run.stop(participants.haveAllLeft ? 'workers-left' : 'planned');
  const started = new StartedRun(planned, clock, onEnd);
  const watch = new Watch(started, { ...parts, participants, aggregate: intervals.aggregate });
  const beganAtMs = clock.elapsedMs;
  intervals.start(
    {
      startAtMs: clock.startAtMs,
      workers: () => participants.running,
      reporting: () => participants.inState('running', 'draining'),
      unreadForMs: registry.unreadForMs,
      observe: (second) => watch.observe(second),
      closed: (second) => {
        watch.judge(second);
        recordHistories(second, participants.all, parts.run.writer, second * 1_000 >= beganAtMs);
      },
    },
    fromSecond,
  );
  watchThresholds(started, { run: parts.run, stream: intervals.stream, emit: parts.emit, log: parts.log });
  const { search } = started;
  if (search) followLimit(started, search, { run: parts.run, stream: intervals.stream, log: parts.log });
  if (planned.plan.controller?.kind === 'shape')
    started.controller = followShape(started, planned.plan.controller, {
      ...parts,
      participants,
      stream: intervals.stream,
    });
  return { started, watch };
}
