import type { CheckedScenario } from '@drumline/scenario/project';
import type { ScenarioStart, ScenarioView } from '@drumline/wire';

/** A scenario file on this machine. */
export interface ScenarioSource {
  /** Absolute path. */
  readonly file: string;
  /** How messages and reports name it. */
  readonly name: string;
  /** Whether it was uploaded, so that it may import no other files. */
  readonly isUploaded: boolean;
}

/** What the plan of a run depends on. */
export type PlanWishes = Pick<ScenarioStart, 'options' | 'parameters' | 'secrets' | 'labels'>;

/** Reads scenarios in processes of their own: user code never runs in the process of the master. */
export interface ScenarioPlanner {
  /** @throws DrumlineError `scenario-invalid` if the file cannot be bundled */
  describe(source: ScenarioSource): Promise<Omit<ScenarioView, 'path'>>;
  /** @throws ProblemsError with every problem; DrumlineError `scenario-invalid` */
  plan(source: ScenarioSource, wishes: PlanWishes): Promise<CheckedScenario>;
}
