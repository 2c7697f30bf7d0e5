import type { MasterHookContext, MasterHooks, RunStopContext, RunSummary } from '@drumline/scenario';
import type { ScenarioHost } from '@drumline/scenario/project';
import type { NoteCollector } from './note-collector.js';

/** Runs the master hooks of the scenario, in the scenario host. */
export class HookRunner {
  private events = new Set<string>();

  constructor(
    private readonly host: Pick<ScenarioHost, 'runHook'>,
    private readonly notes: NoteCollector,
    private readonly run_: () => MasterHookContext['run'],
  ) {}

  listenTo(events: readonly string[]): void {
    this.events = new Set(events);
  }

  /**
   * Runs a hook. Resolves when it is done or was given up. A failure becomes a note and does not
   * stop the run.
   */
  async run(
    event: Exclude<keyof MasterHooks, 'runStop'>,
    about: Omit<MasterHookContext, 'run'> = {},
  ): Promise<void> {
    if (this.events.has(event)) await this.call(event, { run: this.run_(), ...about });
  }

  /** Runs the hook at the end of the run. @param resultOf called only if there is one */
  async runStop(resultOf: () => RunSummary): Promise<void> {
    if (this.events.has('runStop')) await this.call('runStop', { run: this.run_(), result: resultOf() });
  }

  private async call(event: keyof MasterHooks, context: MasterHookContext | RunStopContext): Promise<void> {
    const problem = await this.host.runHook(event, context);
    if (problem !== undefined) this.notes.add('hook-failed', `The hook onMaster.${event} failed: ${problem}`);
  }
}
