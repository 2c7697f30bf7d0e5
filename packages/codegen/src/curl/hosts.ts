import { PORT_LABEL } from './urls.js';
import type { Step } from '../recording/step.js';
import { withSources, type UnsetVariables } from '../recording/variables.js';

/** The target if the host is a variable. */
const DEFAULT_TARGET = 'http://localhost:8080';

/**
 * Chooses the target, and replaces hosts that are variables by it, because their values are
 * unknown.
 * @returns the changed steps, the target, and a note on the replaced hosts
 */
export function withKnownHost(
  steps: readonly Step[],
  variables: UnsetVariables,
): { readonly steps: readonly Step[]; readonly target: string; readonly about: readonly string[] } {
  const written = (origin: string): string => withSources(origin, variables);
  const unknown = new Set(steps.map(({ origin }) => origin).filter((origin) => written(origin) !== origin));
  const [first] = steps;
  if (unknown.size === 0) return { steps, target: first!.origin, about: [] };
  const known = steps.find(({ origin }) => !unknown.has(origin))?.origin;
  const target = unknown.has(first!.origin) ? DEFAULT_TARGET : (known ?? DEFAULT_TARGET);
  const names = [...unknown]
    .map(written)
    .map((origin) => origin.replace(/^http:\/\/(?=\$)/, '').replace(PORT_LABEL, ':'));
  return {
    steps: steps.map((step) => (unknown.has(step.origin) ? { ...step, origin: target } : step)),
    target,
    about: [`The target stands for ${names.join(', ')}. Set it in the scenario, or use --target.`],
  };
}
