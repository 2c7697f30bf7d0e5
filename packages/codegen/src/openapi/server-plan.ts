import { Code } from '../code/code.js';
import type { Scope } from '../code/names.js';
import { listOf } from '../source/json-text.js';
import { placeRequests, type PlacementOptions } from '../recording/placement.js';
import { nameHosts } from '../recording/hosts.js';
import { AT_TARGET, placeAt, type Place } from '../recording/step.js';
import type { ApiDocument } from './document.js';
import type { Operation } from './operation.js';
import { readServer, rootServerOf, type ApiServer } from './server.js';

/** The target, and the server of each operation. */
export interface ServerPlan {
  /** Base URL of the target. */
  readonly target: string;
  /** Base URLs of servers that do not follow the target, by the names of their constants. */
  readonly hosts: Readonly<Record<string, string>>;
  placeOf(operation: Operation): Place;
  readonly about: readonly string[];
  readonly hints: readonly string[];
}

const DEFAULT_TARGET = 'http://localhost:8080';

/** Chooses the target, and the server of each operation. @param scope scope of the module */
export function planServers(
  document: ApiDocument,
  operations: readonly Operation[],
  options: PlacementOptions,
  scope: Scope,
): ServerPlan {
  const root = rootServerOf(document);
  const serverOf = ({ server }: Operation): ApiServer => server ?? root;
  const main = operations.some(({ server }) => server === undefined)
    ? root
    : mostUsed(operations.map(serverOf));
  const originOf = (operation: Operation): string => serverOf(operation).origin || main.origin;
  const placement = placeRequests(operations.map(originOf), main.origin, options);
  const away = operations.filter((operation) => !placement.followsTarget(originOf(operation)));
  const constants = nameHosts(
    away.map((operation) => urlOf(serverOf(operation))),
    scope,
  );
  const placeOf = (operation: Operation): Place => {
    const server = serverOf(operation);
    const constant = placement.followsTarget(originOf(operation)) ? undefined : constants.get(urlOf(server));
    if (constant !== undefined) return placeAt(new Code(constant));
    if (server.path === main.path) return AT_TARGET;
    // One `..` for each segment of the target's path.
    const up = main.path
      .split('/')
      .slice(1)
      .map(() => '/..');
    return { url: up.join('') + server.path, name: server.path };
  };
  return {
    target: (main.origin || DEFAULT_TARGET) + main.path,
    hosts: Object.fromEntries([...constants].map(([url, name]) => [name, url])),
    placeOf,
    about: [
      ...(main.origin === '' && options.target === undefined
        ? ['The document has no host. Set target in the scenario, or use --target.']
        : []),
      ...placement.about,
    ],
    hints: otherServersHint(document, main, options),
  };
}

function otherServersHint(document: ApiDocument, main: ApiServer, { target }: PlacementOptions): string[] {
  const others = listOf(document.root['servers'])
    .map(readServer)
    .filter((server) => server.origin !== '')
    .map(urlOf)
    .filter((url) => url !== urlOf(main));
  if (target !== undefined || others.length === 0) return [];
  return [
    `The document has other servers too. Choose one with --target: ${[...new Set(others)].join(', ')}.`,
  ];
}

function mostUsed(servers: readonly ApiServer[]): ApiServer {
  const counts = new Map<string, number>();
  for (const server of servers) counts.set(urlOf(server), (counts.get(urlOf(server)) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
  return servers.find((server) => urlOf(server) === most?.[0]) ?? { origin: '', path: '' };
}

function urlOf({ origin, path }: ApiServer): string {
  return origin + path;
}
