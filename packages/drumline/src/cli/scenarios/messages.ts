import type { PlanWishes, ScenarioSource } from '@drumline/master';
import type { ExitName, PlanProblem } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import type { ScenarioView } from '@drumline/wire';

/** What the master asks a process that reads a scenario. */
export interface ReaderRequest {
  readonly source: ScenarioSource;
  /** Absent: only what the scenario declares. */
  readonly wishes?: PlanWishes;
}

export type ReaderReply =
  | { readonly description: Omit<ScenarioView, 'path'> }
  | { readonly checked: CheckedScenario }
  | {
      readonly exit: ExitName;
      readonly message: string;
      readonly hint?: string | undefined;
      readonly problems?: readonly PlanProblem[] | undefined;
    };
