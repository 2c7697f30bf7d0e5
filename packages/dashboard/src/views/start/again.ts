import type { RunResult } from '@drumline/client';
import { field, LOAD_OPTIONS, type LoadKind } from './form-values.js';

/** What decides the kind of a load, the most specific first. */
const KINDS: readonly (readonly [option: string, kind: LoadKind])[] = [
  ['iterations', 'iterations'],
  ['arrivals', 'arrivals'],
  ['rate', 'rate'],
  ['stage', 'users'],
  ['users', 'users'],
];

/**
 * The values of the form that start a run again. Secrets must be entered again.
 * @param file path of the scenario in the directory of the master
 */
export function valuesOf(
  { run, options = {} }: Pick<RunResult, 'run' | 'options'>,
  file: string,
): Record<string, string> {
  const load = KINDS.find(([option]) => options[option] !== undefined)?.[1] ?? '';
  const kept = Object.entries(options).filter(
    ([name]) => name in LOAD_OPTIONS || name === 'target' || name === 'threshold',
  );
  const labels = Object.entries(run.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const parameters = Object.entries(run.parameters ?? {});
  return {
    scenario: file,
    ...(load !== '' && { load }),
    ...Object.fromEntries(kept.map(([name, value]) => [field.option(name), value])),
    ...Object.fromEntries(parameters.map(([name, value]) => [field.parameter(name), String(value)])),
    ...(labels.length > 0 && { labels: labels.join(', ') }),
  };
}
