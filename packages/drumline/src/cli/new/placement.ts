import { isAmong } from './har/site.js';

/** Where the user wants the requests to go. */
export interface PlacementOptions {
  /** Given with `--target`: then all requests go there, except those to `keepHosts`. */
  readonly target?: string | undefined;
  /** Hosts whose requests stay where they are; what lies below them counts, too. */
  readonly keepHosts: readonly string[];
}

/** Which requests of a scenario follow its target, and which go to fixed hosts. */
export interface Placement {
  /** Whether requests to this origin are relative to the target. */
  isHome(origin: string): boolean;
  /** What the reader of the file must know, in sentences. */
  readonly about: readonly string[];
}

/**
 * Decides which requests follow the target. Load must never go to a host that the user has not
 * named, so every request that goes elsewhere is listed.
 * @param origins of all requests, one entry for each
 * @param main the origin that the target stands for
 */
export function placeRequests(
  origins: readonly string[],
  main: string,
  { target, keepHosts }: PlacementOptions,
): Placement {
  const stays = (origin: string): boolean =>
    target === undefined || (keepHosts.length > 0 && isAmong(new URL(origin).hostname, keepHosts));
  const others = new Map<string, number>();
  for (const origin of origins) if (origin !== main) others.set(origin, (others.get(origin) ?? 0) + 1);
  const elsewhere = [...others].filter(([origin]) => stays(origin));
  const moved = [...others].filter(([origin]) => !stays(origin));
  return {
    isHome: (origin) => origin === main || !stays(origin),
    about: [
      ...(elsewhere.length === 0
        ? []
        : [`These requests go to their own hosts, not to the target: ${countsOf(elsewhere)}.`]),
      ...(moved.length === 0
        ? []
        : [
            `These requests go to the target, not to their own hosts: ${countsOf(moved)}. To keep a host, use --keep-hosts NAME.`,
          ]),
    ],
  };
}

function countsOf(origins: readonly (readonly [origin: string, count: number])[]): string {
  return origins.map(([origin, count]) => `${origin} (${count})`).join(', ');
}
