import type { ScenarioSpec } from '../authoring/scenario.js';
import type { PlanProblem } from '@drumline/model';

/** The outputs of a scenario. Their options are checked on the master, which has the outputs. */
export function outputsOf({ outputs }: ScenarioSpec, problems: PlanProblem[]): string[] | undefined {
  if (outputs === undefined) return undefined;
  const hint = "Write for example outputs: ['ndjson=seconds.ndjson'].";
  if (!Array.isArray(outputs)) {
    problems.push({ where: 'outputs', message: 'must be an array of strings', hint });
    return undefined;
  }
  outputs.forEach((text: unknown, index) => {
    if (typeof text === 'string' && /^[a-z][a-z0-9-]*([=?]|$)/.test(text)) return;
    // The text may contain a password.
    problems.push({ where: `outputs[${index}]`, message: 'must begin with the name of an output', hint });
  });
  return outputs.length === 0 ? undefined : [...(outputs as string[])];
}
