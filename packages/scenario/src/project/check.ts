import { basename } from 'node:path';
import { DrumlineError, type Millis, type Plan, type PlanOverrides } from '@drumline/model';
import { bundleScenario, type ScenarioBundle } from './bundle.js';
import { ScenarioHost } from './host.js';
import { findTypeErrors } from './types.js';

/** Everything there is to know about a scenario without running it. */
export interface CheckedScenario {
  readonly plan: Plan;
  readonly bundle: ScenarioBundle;
}

/**
 * Bundles a scenario, reads its plan and, if asked to, checks its types.
 * @param options `limitMs`: how long the scenario's top level may take
 * @throws DrumlineError `scenario-invalid` with every problem found
 */
export async function checkScenario(
  path: string,
  overrides: PlanOverrides,
  { types, limitMs }: { types: boolean; limitMs?: Millis },
): Promise<CheckedScenario> {
  const bundle = await bundleScenario(path);
  const host = new ScenarioHost(() => {});
  try {
    const [plan, typeErrors] = await Promise.allSettled([
      host.readPlan(bundle.code, basename(path), overrides, limitMs),
      types ? findTypeErrors(path) : Promise.resolve(''),
    ]);
    const problems: string[] = [];
    if (plan.status === 'rejected') problems.push(requireExpected(plan.reason).message);
    if (typeErrors.status === 'rejected') throw typeErrors.reason;
    if (typeErrors.value !== '')
      problems.push(`${basename(path)} has type errors:\n${indent(typeErrors.value)}`);
    if (plan.status === 'rejected' || problems.length > 0) {
      const hint = plan.status === 'rejected' ? requireExpected(plan.reason).hint : undefined;
      throw new DrumlineError('scenario-invalid', problems.join('\n'), hint);
    }
    return { plan: plan.value, bundle };
  } finally {
    host.close();
  }
}

function requireExpected(error: unknown): DrumlineError {
  if (error instanceof DrumlineError) return error;
  throw error;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
