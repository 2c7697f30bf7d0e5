import type { Millis } from '@drumline/model';
import { laneId, lanesOf } from './lane-ids.js';
import { sumOf } from './on-lanes.js';
import type { OrderHistory } from './order-history.js';
import type { Participant } from './participant.js';
import type { PlacedPart } from './placed-part.js';

/** Bounds of the starts that are due on the slots of a worker, in run time. Losses state them. */
export class WorkerStarts {
  constructor(
    private readonly parts: readonly PlacedPart[],
    private readonly history: Pick<OrderHistory, 'unknownFromMs'>,
  ) {}

  /**
   * The most starts that are due on the slots of a worker in a time, of parts with a rate.
   * @param lane only those of this lane
   */
  on(worker: Participant, fromMs: Millis, toMs: Millis, lane?: number): number {
    const lanes = lane === undefined ? lanesOf(worker) : [laneId(worker, lane)];
    const epoch = epochOf(worker);
    return sumOf(this.parts, lanes, (part, id) => part.startsOn(id, fromMs, toMs, epoch));
  }

  /**
   * The most starts that were due before a time on slots that the worker may have learned of after
   * it. It begins them late, or never.
   */
  overdueOn(worker: Participant, atMs: Millis): number {
    const epoch = epochOf(worker);
    return sumOf(this.parts, lanesOf(worker), (part, id) => part.startsOverdue(id, atMs, epoch));
  }

  /**
   * The most starts that are due until a time on slots that the worker got after an epoch, or since
   * the load changed after it.
   */
  unknownTo(worker: Participant, epoch: number, toMs: Millis): number {
    const unknown = sumOf(this.parts, lanesOf(worker), (part, id) => part.startsUnknownTo(id, epoch, toMs));
    return Math.max(unknown, this.on(worker, this.history.unknownFromMs(epoch), toMs));
  }

  /** The most starts that a lane did not count before its crashes since the last call. */
  beforeCrash(worker: Participant, lane: number, uncountedMs: Millis): number {
    return sumOf(this.parts, [laneId(worker, lane)], (part, id) => part.startsBeforeCrash(id, uncountedMs));
  }

  /**
   * A lane has crashed. @returns the most starts that nobody deals with, although the lane had
   * promised to when it handed over their slots
   */
  cutOff(worker: Participant, lane: number, runMs: Millis): number {
    return sumOf(this.parts, [laneId(worker, lane)], (part, id) => part.cutOff(id, runMs));
  }
}

/** The newest orders that the worker has reported. */
function epochOf({ health }: Participant): number {
  return health?.epoch ?? 0;
}
