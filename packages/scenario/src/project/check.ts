import { basename } from 'node:path';
import { DrumlineError, type Millis, type PlanOverrides, type Secrets } from '@drumline/model';
import { bundleScenario } from './bundle.js';
import { ScenarioHost, type CheckedScenario } from './host.js';
import { findTypeErrors } from './types.js';

/**
 * Bundles a scenario, reads its plan and optionally checks its types.
 * @param options `limitMs`: time limit for the scenario's top-level code
 * @throws DrumlineError `scenario-invalid` with every problem found
 */
export async function checkScenario(
  path: string,
  overrides: PlanOverrides,
  { types, limitMs, secrets }: { types: boolean; limitMs?: Millis; secrets?: Secrets },
): Promise<CheckedScenario> {
  const bundle = await bundleScenario(path, overrides.external);
  const host = new ScenarioHost(() => {}, secrets);
  try {
    const [checked, typeErrors] = await Promise.allSettled([
      host.readPlan(bundle, path, overrides, limitMs),
      types ? findTypeErrors(path) : Promise.resolve(''),
    ]);
    const failures = [checked, typeErrors].flatMap((outcome) =>
      outcome.status === 'rejected' ? [requireExpected(outcome.reason)] : [],
    );
    const problems = failures.map(({ message }) => message);
    if (typeErrors.status === 'fulfilled' && typeErrors.value !== '')
      problems.push(`${basename(path)} has type errors:\n${indent(typeErrors.value)}`);
    if (checked.status === 'rejected' || problems.length > 0) {
      const hints = failures.flatMap(({ hint }) => hint ?? []);
      throw new DrumlineError('scenario-invalid', problems.join('\n'), hints.join('\n      ') || undefined);
    }
    return checked.value;
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
