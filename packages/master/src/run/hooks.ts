import type { MasterHookContext, MasterHooks } from '@drumline/scenario';
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
  async run(event: keyof MasterHooks, about: Omit<MasterHookContext, 'run'> = {}): Promise<void> {
    if (!this.events.has(event)) return;
    const problem = await this.host.runHook(event, { run: this.run_(), ...about });
    if (problem !== undefined) this.notes.add('hook-failed', `The hook onMaster.${event} failed: ${problem}`);
  }
}
