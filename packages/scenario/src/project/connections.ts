import type { HttpSettings } from '@drumline/drivers';
import type { ScenarioSpec } from '../authoring/scenario.js';
import { declarations } from '../runtime/grpc-declarations.js';

/** Connections of a user to one target, by its settings. */
export interface UserConnections {
  /** The most that it may hold. */
  readonly most: number;
  /** Those that it keeps until it ends. */
  readonly kept: number;
}

/** @param words identifiers in the scenario's code; protocols that it lacks do not count */
export function connectionsOf(
  own: HttpSettings | undefined,
  { http }: ScenarioSpec,
  words: ReadonlySet<string>,
): UserConnections {
  const { sharedConnections, connectionsPerUser = 1, keepAlive = true } = { ...http, ...own };
  const ofHttp = words.has('http') && sharedConnections === undefined ? connectionsPerUser : 0;
  const ofWs = words.has('ws') ? 1 : 0;
  const ofGrpc = declarations.services.filter(
    ({ options }) => (options as { channels?: unknown } | null)?.channels === 'user',
  ).length;
  return { most: ofHttp + ofWs + ofGrpc, kept: (keepAlive ? Math.min(1, ofHttp) : 0) + ofGrpc };
}

/** The number of local addresses from which connections are opened, if there are several. */
export function sourceAddressesOf({ http }: ScenarioSpec): number | undefined {
  const count = http?.localAddresses?.length ?? 0;
  return count > 1 ? count : undefined;
}
