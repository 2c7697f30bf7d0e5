import type { HttpSettings } from '@drumline/drivers';
import type { ScenarioSpec } from '../authoring/scenario.js';
import { declarations } from '../runtime/grpc-declarations.js';

/**
 * The number of connections to one target that a user may hold, by its settings.
 * @param words identifiers in the scenario's code; protocols that it never mentions are not counted
 */
export function connectionsOf(
  own: HttpSettings | undefined,
  { http }: ScenarioSpec,
  words: ReadonlySet<string>,
): number {
  const { sharedConnections, connectionsPerUser = 1 } = { ...http, ...own };
  const ofHttp = words.has('http') && sharedConnections === undefined ? connectionsPerUser : 0;
  const ofWs = words.has('ws') ? 1 : 0;
  const ofGrpc = declarations.services.filter(
    ({ options }) => (options as { channels?: unknown } | null)?.channels === 'user',
  ).length;
  return ofHttp + ofWs + ofGrpc;
}

/** The number of local addresses from which connections are opened, if there are several. */
export function sourceAddressesOf({ http }: ScenarioSpec): number | undefined {
  const count = http?.localAddresses?.length ?? 0;
  return count > 1 ? count : undefined;
}
