import { sentenceOf, type Secrets } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import { readOverrides } from '../options/plan.js';
import { readSecrets } from '../secrets/read.js';

type Arguments = Parameters<typeof readOverrides>[0] & Parameters<typeof readSecrets>[0];

/**
 * Checks a scenario on this machine before it is submitted, and prints its warnings.
 * @throws DrumlineError with every problem
 */
export async function checkSubmission(
  args: Arguments,
  scenario: string,
): Promise<{ readonly checked: CheckedScenario; readonly secrets: Secrets }> {
  const given = readSecrets(args);
  const { checkScenario } = await import('@drumline/scenario/project');
  const checked = await checkScenario(scenario, await readOverrides(args), { types: false, secrets: given });
  for (const warning of checked.warnings) console.error(`warning: ${sentenceOf(warning)}`);
  return { checked, secrets: { ...given, ...checked.secrets } };
}
