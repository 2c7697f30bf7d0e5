import type { Plan, Secrets } from '@drumline/model';
import { ScenarioHost, type ScenarioBundle } from '@drumline/scenario/project';

/**
 * The scenario host of a run, which has one only if its plan needs it. A host that hangs or crashes
 * concerns only its run.
 */
export class RunHost implements Pick<ScenarioHost, 'runHook' | 'askShape'> {
  private host: ScenarioHost | undefined;

  /** @param print receives each line that the scenario’s code prints, with secrets masked */
  constructor(private readonly print: (line: string) => void) {}

  open(secrets: Secrets): ScenarioHost {
    this.host = new ScenarioHost(this.print, secrets);
    return this.host;
  }

  /**
   * Loads a scenario whose plan is known, if it has hooks or a shape.
   * @throws DrumlineError `setup-failed`
   */
  async load(bundle: ScenarioBundle, path: string, plan: Plan, secrets: Secrets): Promise<void> {
    if (plan.masterHooks.length === 0 && plan.controller?.kind !== 'shape') return;
    await (this.host ?? this.open(secrets)).load(bundle, path, plan);
  }

  runHook: ScenarioHost['runHook'] = async (...args) => {
    return this.host ? await this.host.runHook(...args) : 'the scenario is not loaded';
  };

  askShape: ScenarioHost['askShape'] = async (...args) => await this.host?.askShape(...args);

  close(): void {
    this.host?.close();
  }
}
