import { PORT_LABEL } from './urls.js';
import type { Step } from '../recording/step.js';
import { withSources, type OpenVariables } from '../recording/variables.js';

/** The target of commands whose host is a variable. */
const UNKNOWN = 'http://localhost:8080';

/**
 * The steps with hosts that are known. A host that is a variable becomes the target, as its value
 * is not known here.
 * @returns the target, and a note about it
 */
export function withKnownHost(
  steps: readonly Step[],
  variables: OpenVariables,
): { readonly steps: readonly Step[]; readonly target: string; readonly about: readonly string[] } {
  const written = (origin: string): string => withSources(origin, variables);
  const open = new Set(steps.map(({ origin }) => origin).filter((origin) => written(origin) !== origin));
  const [first] = steps;
  if (open.size === 0) return { steps, target: first!.origin, about: [] };
  const fixed = steps.find(({ origin }) => !open.has(origin))?.origin;
  const target = open.has(first!.origin) ? UNKNOWN : (fixed ?? UNKNOWN);
  const names = [...open]
    .map(written)
    .map((origin) => origin.replace(/^http:\/\/(?=\$)/, '').replace(PORT_LABEL, ':'));
  return {
    steps: steps.map((step) => (open.has(step.origin) ? { ...step, origin: target } : step)),
    target,
    about: [`The target stands for ${names.join(', ')}. Set it in the scenario, or use --target.`],
  };
}
