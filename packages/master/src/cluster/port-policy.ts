import type { Interruption, PortPolicy } from '@drumline/wire';
import type { Refusals } from './refusals.js';
import type { Registry } from './registry.js';

/** Answers the questions of the link from the registry, and counts what it drops. */
export function portPolicyOf(
  registry: Pick<Registry, 'knows'>,
  refusals: Pick<Refusals, 'add'>,
  interrupted: (interruption: Interruption) => void,
): PortPolicy {
  return {
    knows: (peer) => registry.knows(peer),
    dropped: (kind, why, count) => refusals.add(kind, why, count),
    interrupted,
  };
}
