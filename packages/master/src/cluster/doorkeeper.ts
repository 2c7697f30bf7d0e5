import type { PortPolicy } from '@drumline/wire';
import type { ClusterEvents } from './cluster-events.js';
import type { Registry } from './registry.js';

/** Answers the questions of the link from the registry, and forwards its reports to the run. */
export function doorkeeperOf(
  registry: Pick<Registry, 'knows'>,
  events: Pick<ClusterEvents, 'refused' | 'portInterrupted'>,
): PortPolicy {
  return {
    knows: (peer) => registry.knows(peer),
    dropped: (kind, why, count) => events.refused(kind, why, count),
    interrupted: (interruption) => events.portInterrupted(interruption),
  };
}
