import { DrumlineError, findCapacityProblem, formatDuration, type Millis, type Plan } from '@drumline/model';
import type { Participant } from '../allocation/participant.js';
import type { PlannedRun } from './started-run.js';

/** What shows whether the workers of a run are ready. */
export interface Gathered {
  readonly plan: Plan;
  /** `present`: all workers that the run has, and at least one. */
  readonly expectWorkers: number | 'present';
  readonly participants: {
    readonly ready: readonly Participant[];
    readonly present: readonly Participant[];
  };
  /** Why workers could not load the scenario, by worker name. */
  readonly excluded: ReadonlyMap<string, string>;
}

/**
 * Whether the run can begin. Does not wait for workers that cannot load the scenario.
 * @returns an error if it can never begin: no worker can load the scenario, or the load is too
 * large for all of them
 */
export function isGathered({
  plan,
  expectWorkers,
  participants: { ready, present },
  excluded,
}: Gathered): boolean | DrumlineError {
  const expected = expectWorkers === 'present' ? Math.max(1, present.length) : expectWorkers;
  if (ready.length + excluded.size < expected) return false;
  // Those that replace excluded workers are waited for, too.
  if (ready.length < Math.min(present.length, expected)) return false;
  if (ready.length > 0) return tooManyUsers(plan, ready) ?? true;
  if (present.length > 0) return false;
  const problems = [...excluded].map(([name, problem]) => couldNotLoad(name, problem));
  return new DrumlineError('setup-failed', problems.join('\n'));
}

export function couldNotLoad(worker: string, problem: string): string {
  return `Worker ${worker} could not load the scenario: ${problem}`;
}

function tooManyUsers({ load }: Plan, workers: readonly Participant[]): DrumlineError | undefined {
  const lanes = workers.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
  const problem = findCapacityProblem(load, lanes);
  return problem && new DrumlineError('usage', `${problem.message}.`, problem.hint);
}

interface Parts {
  readonly expectWorkers: number | 'present';
  /** How long to wait for them; `null` waits forever. */
  readonly maxWaitMs: Millis | null;
  /** The address that workers connect to. */
  readonly address: string;
  readonly participants: Gathered['participants'];
  /** All expected workers are ready. */
  ready(): void;
  fail(error: Error): void;
}

/** Waits until the expected workers of a run are ready. */
export class Gathering {
  private planned: PlannedRun | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: Parts) {}

  /** How many workers the run waits for. */
  get expected(): number {
    const { expectWorkers, participants } = this.parts;
    return expectWorkers === 'present' ? Math.max(1, participants.present.length) : expectWorkers;
  }

  /** Begins to wait. */
  begin(planned: PlannedRun): void {
    const { maxWaitMs } = this.parts;
    this.planned = planned;
    if (maxWaitMs !== null) this.timer = setTimeout(() => this.giveUp(maxWaitMs), maxWaitMs);
    this.check();
  }

  /** Ends the wait if all expected workers are ready, or never will be. */
  check(): void {
    if (!this.planned) return;
    const { plan, allocation } = this.planned;
    const { expectWorkers, participants } = this.parts;
    const gathered = isGathered({ plan, expectWorkers, participants, excluded: allocation.excluded });
    if (gathered === false) return;
    this.close();
    if (gathered instanceof DrumlineError) this.parts.fail(gathered);
    else this.parts.ready();
  }

  close(): void {
    clearTimeout(this.timer);
    this.planned = undefined;
  }

  private giveUp(waitMs: Millis): void {
    const { participants, address } = this.parts;
    const expectWorkers = this.expected;
    this.close();
    this.parts.fail(
      new DrumlineError(
        'workers-never-came',
        `${participants.present.length} of ${expectWorkers} expected workers connected within ${formatDuration(waitMs)}.`,
        `Start them with \`drumline worker --master ${address}\`, lower --expect-workers, or raise --expect-workers-max-wait.`,
      ),
    );
  }
}
