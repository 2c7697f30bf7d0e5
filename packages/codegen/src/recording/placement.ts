import { isAmong } from './site.js';

/** The options of `drumline new` that decide where requests go. */
export interface PlacementOptions {
  /** Value of `--target`. All requests go there, except those to `keepHosts`. */
  readonly target?: string | undefined;
  /** Hosts that keep their requests, including their subdomains. */
  readonly keepHosts: readonly string[];
}

/** Which requests of a scenario follow its target, and which go to fixed hosts. */
export interface Placement {
  /** Whether requests to this origin are relative to the target. */
  followsTarget(origin: string): boolean;
  /** Sentences for the top of the file. */
  readonly about: readonly string[];
}

/**
 * Decides which requests follow the target. The result lists every other host, because users must
 * know where their load goes.
 * @param origins the origin of each request
 * @param main the origin that the target stands for
 */
export function placeRequests(
  origins: readonly string[],
  main: string,
  { target, keepHosts }: PlacementOptions,
): Placement {
  const keepsHost = (origin: string): boolean =>
    target === undefined || (keepHosts.length > 0 && isAmong(new URL(origin).hostname, keepHosts));
  const others = new Map<string, number>();
  for (const origin of origins) if (origin !== main) others.set(origin, (others.get(origin) ?? 0) + 1);
  const elsewhere = [...others].filter(([origin]) => keepsHost(origin));
  const moved = [...others].filter(([origin]) => !keepsHost(origin));
  return {
    followsTarget: (origin) => origin === main || !keepsHost(origin),
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
