import type { IntervalSummary, MasterHookContext, MasterHooks, RunSummary } from '@drumline/scenario';
import type { HookCall, ScenarioHost } from '@drumline/scenario/project';
import {
  HookIntervals,
  type FollowedRun,
  type IntervalHook,
  type RunWithIntervals,
} from './hook-intervals.js';
import type { NoteCollector } from './note-collector.js';

/** Runs the master hooks of the scenario, in the scenario host. */
export class HookRunner {
  private events = new Set<string>();
  private intervals: HookIntervals | undefined;
  /** Failures of hooks that run once for each interval. */
  private readonly failures = new Map<IntervalHook, number>();

  constructor(
    private readonly host: Pick<ScenarioHost, 'runHook'>,
    private readonly notes: Pick<NoteCollector, 'add'>,
    private readonly run_: () => MasterHookContext['run'],
  ) {}

  listenTo(events: readonly string[]): void {
    this.events = new Set(events);
  }

  has(event: keyof MasterHooks): boolean {
    return this.events.has(event);
  }

  /**
   * Runs a hook. Resolves when it is done or was given up. A failure becomes a note and does not
   * stop the run.
   */
  async run(
    event: Exclude<keyof MasterHooks, 'runStop' | IntervalHook>,
    about: Omit<MasterHookContext, 'run'> = {},
  ): Promise<void> {
    if (this.events.has(event)) await this.call({ event, context: { run: this.run_(), ...about } });
  }

  /** Runs the hooks for intervals from now on. */
  follow(started: FollowedRun, run: RunWithIntervals): void {
    this.intervals = new HookIntervals(started, run, this, this.notes);
  }

  /**
   * Runs the hooks at the end of the run: those of the last intervals, then `runStop`.
   * @param resultOf closes the last second; called only if there are such hooks
   */
  async end(resultOf: () => RunSummary): Promise<void> {
    if (!this.has('runStop') && !this.has('second') && !this.has('tenSeconds')) return;
    const result = resultOf();
    await this.intervals?.settle();
    if (this.has('runStop')) await this.call({ event: 'runStop', context: { run: this.run_(), result } });
  }

  /** Runs the hook of an interval. Its failures become one note. */
  async interval(event: IntervalHook, interval: IntervalSummary): Promise<void> {
    const problem = await this.host.runHook({ event, context: { run: this.run_(), interval } });
    if (problem === undefined) return;
    const failures = (this.failures.get(event) ?? 0) + 1;
    this.failures.set(event, failures);
    const times = failures === 1 ? 'failed' : `failed ${failures} times, most recently`;
    this.notes.add('hook-failed', `The hook onMaster.${event} ${times}: ${problem}`, `hook-failed ${event}`);
  }

  private async call(call: HookCall): Promise<void> {
    const problem = await this.host.runHook(call);
    if (problem !== undefined)
      this.notes.add('hook-failed', `The hook onMaster.${call.event} failed: ${problem}`);
  }
}
