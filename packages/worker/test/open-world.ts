import {
  itemTypes,
  startsOf,
  type Load,
  type LoadPart,
  type OpenDueTimes,
  type OpenWorkload,
  type Start,
  type UserTypeShare,
} from '@drumline/model';
import type { LaneAssignment, LaneRelease, LaneShare } from '../src/lane-protocol.js';
import { LaneLoad } from '../src/lane/load/lane-load.js';
import { FakeTiming } from './fake-timing.js';
import { FakeUsers } from './fake-users.js';

/** The start of the run on the clock of the lane. */
export const START_MS = 1_000;
export const ONE_TYPE: UserTypeShare[] = [{ name: 'shopper', weight: 1 }];
const TWO_TYPES: UserTypeShare[] = [
  { name: 'shopper', weight: 3 },
  { name: 'admin', weight: 1 },
];

/** A lane with fake users. The run starts at `START_MS`. */
export class OpenWorld {
  readonly timing = new FakeTiming();
  readonly users = new FakeUsers(this.timing);
  readonly lane: LaneLoad;
  private epoch = 0;
  private grants = 0;

  constructor(
    readonly part: LoadPart,
    private readonly types = TWO_TYPES,
    private readonly openTimes?: OpenDueTimes,
  ) {
    this.lane = new LaneLoad({
      userTypes: types,
      ...(openTimes && { openTimes }),
      stopTimeoutMs: 500,
      timing: this.timing,
      isLeased: () => true,
      host: () => this.users,
      onDone: () => {},
    });
  }

  get load(): Load {
    return { parts: [this.part] };
  }

  get slots(): number[] {
    return Array.from(itemTypes(this.part, this.types), (_, slot) => slot);
  }

  /** All starts of the part, in the order of their due times. */
  get due(): Start[] {
    return [
      ...startsOf(this.part, this.types, this.openTimes)!.of(new Map(this.slots.map((slot) => [slot, 0]))),
    ];
  }

  grant(items: readonly number[], from = 0): LaneShare {
    return { part: 0, items, grant: (this.grants += 1), from };
  }

  assign(shares: readonly LaneShare[], rest: Partial<LaneAssignment> = {}): LaneRelease[] {
    const epoch = (this.epoch += 1);
    return this.lane.assign({ epoch, load: this.load, pausedAtMs: null, pausedMs: 0, shares, ...rest });
  }

  start(): void {
    this.lane.startAt(START_MS);
  }

  /** Advances to a run time, and lets promises settle. */
  async reach(runMs: number): Promise<void> {
    // In steps, so that users that end are seen to have ended.
    while (this.timing.now() < START_MS + runMs) {
      this.timing.advanceTo(Math.min(START_MS + runMs, this.timing.now() + 50));
      await settled();
    }
  }
}

export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const openPart = (workload: OpenWorkload, rest: Partial<LoadPart> = {}): LoadPart => ({
  phase: '',
  types: [0, 1],
  startMs: 0,
  workload,
  ...rest,
});

export const steady = (perSecond: number, forMs: number | null, rest: object = {}): OpenWorkload => ({
  kind: 'iterations',
  rate: { fromPerSecond: perSecond, stages: [{ durationMs: forMs, toPerSecond: perSecond }] },
  order: { kind: 'even' },
  ...rest,
});
