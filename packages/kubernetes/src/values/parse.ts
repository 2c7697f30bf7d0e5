import { DrumlineError, hasCredentials } from '@drumline/model';
import { holds, valueAt } from '../tree/evaluate.js';
import { withDefaults } from './check.js';
import { LISTS_OF_OUTPUTS, passwordInOutput } from './output-passwords.js';
import { RESERVED, reservedProblem } from './reserved.js';
import { RULES } from './rules.js';
import { FIELDS, type KubernetesValues } from './values.js';

/**
 * Adds the defaults to the given values.
 * @throws DrumlineError `usage` with every problem
 */
export function parseValues(given: unknown): KubernetesValues {
  const problems: string[] = [];
  const values = withDefaults(FIELDS, given, '', problems);
  if (problems.length === 0) {
    const broken = RULES.filter(({ when }) => holds(when, { values, builtins: NO_BUILTINS }));
    problems.push(
      ...broken.map(({ problem }) => problem),
      ...missingScenario(values as unknown as KubernetesValues),
      ...reservedKeys(values),
      ...passwordsInOutputs(values as unknown as KubernetesValues),
    );
  }
  if (problems.length === 0) return values as unknown as KubernetesValues;
  throw new DrumlineError('usage', problems.join('\n'), '`drumline k8s values` lists all values.');
}

/** A list with the problem that the scenario is not among the files, or an empty one. */
function missingScenario({ scenario: { files, path } }: KubernetesValues): string[] {
  const file = path.slice('/scenario/'.length);
  if (Object.keys(files).length === 0 || Object.hasOwn(files, file)) return [];
  return [`scenario.path: ${file} is not in scenario.files, which has ${Object.keys(files).join(', ')}`];
}

/** Their texts are not shown, because they contain passwords. */
function passwordsInOutputs({ outputs }: KubernetesValues): string[] {
  return LISTS_OF_OUTPUTS.flatMap((name) =>
    outputs[name].filter(hasCredentials).map((text) => passwordInOutput(name, /^[\w-]*/.exec(text)![0])),
  );
}

function reservedKeys(values: Readonly<Record<string, unknown>>): string[] {
  const context = { values, builtins: NO_BUILTINS };
  return RESERVED.filter(({ when }) => when === undefined || holds(when, context)).flatMap((reserved) =>
    reserved.keys
      .filter((key) => Object.hasOwn(valueAt(reserved.path, context) as object, key))
      .map((key) => reservedProblem(reserved, key)),
  );
}

const NO_BUILTINS = {
  name: undefined,
  fullName: undefined,
  namespace: undefined,
  version: undefined,
  managedBy: undefined,
  chart: undefined,
};
