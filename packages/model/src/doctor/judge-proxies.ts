import type { Diagnosis } from './diagnosis.js';

/**
 * Whether the environment names proxies that other programs would use.
 * @param variables names of the variables that are set
 * @param isReached whether the target answers without a proxy; undefined without a target
 */
export function judgeProxies(variables: readonly string[], isReached: boolean | undefined): Diagnosis {
  const check = 'proxies';
  if (variables.length === 0) return { check, grade: 'ok', value: 'none in the environment' };
  const found = {
    check,
    value: `${variables.join(', ')} ${variables.length === 1 ? 'is' : 'are'} set, and not used: requests go to the target directly`,
  };
  if (isReached !== false) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: 'the target does not answer without the proxy',
    remedy: "proxy: 'http://proxy:3128' in the http settings of the scenario",
  };
}
