import { baseType } from '../recording/headers.js';
import type { HarEntry } from './har.js';
import { isAmong, siteOf } from './site.js';

/** What of a recording belongs into a scenario. */
export interface Selection {
  /** Origin of the site that was visited. */
  readonly target: string;
  readonly entries: readonly HarEntry[];
  /** In words, each with how to have it after all. */
  readonly leftOut: readonly string[];
}

export interface SelectionOptions {
  readonly keepAssets: boolean;
  /** Hosts beside those of the site; what is below them counts, too. */
  readonly keepHosts: readonly string[];
}

const ASSET_KINDS = new Set(['script', 'stylesheet', 'image', 'font', 'media', 'manifest', 'texttrack']);
const ASSET_TYPES =
  /^(?:image|font|audio|video)\/|^text\/(?:css|javascript)$|^application\/(?:(?:x-)?javascript|wasm|font|x-font|manifest\+json)/;
const ASSET_PATHS =
  /\.(?:m?js|css|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|mp[34]|webm|wasm|webmanifest)$/i;
/** What browsers and their watchers send without anyone's doing. */
const BEACON_KINDS = new Set(['ping', 'preflight', 'csp-violation-report', 'cspviolationreport']);
const BEACON_PATHS = /^\/(?:cdn-cgi|_vercel\/insights|_vercel\/speed-insights)\//;

/** Leaves out what browsers fetch by themselves and what goes to others. */
export function selectEntries(
  entries: readonly HarEntry[],
  { keepAssets, keepHosts }: SelectionOptions,
): Selection {
  const leftOut: string[] = [];
  const drop = (
    from: readonly HarEntry[],
    which: (entry: HarEntry) => boolean,
    describe: (gone: HarEntry[]) => string,
  ) => {
    const gone = from.filter(which);
    if (gone.length > 0) leftOut.push(describe(gone));
    return from.filter((entry) => !gone.includes(entry));
  };
  const lasting = drop(
    entries,
    isLasting,
    (gone) => `${count(gone, 'WebSocket or event stream', 'WebSockets and event streams')}`,
  );
  const web = lasting.filter(({ url }) => /^https?:$/.test(url.protocol));
  const answered = drop(
    web,
    ({ response }) => response.status <= 0,
    (gone) => `${count(gone, 'request')} without a response`,
  );
  const meant = drop(answered, isBeacon, (gone) =>
    count(gone, 'preflight or beacon', 'preflights and beacons'),
  );
  const dynamic = keepAssets
    ? meant
    : drop(
        meant,
        isAsset,
        (gone) =>
          `${count(gone, 'image, script or the like', 'images, scripts and the like')} (--keep-assets)`,
      );
  const target = targetOf(dynamic);
  const site = target === '' ? '' : siteOf(new URL(target).hostname);
  const own = drop(
    dynamic,
    ({ url }) => siteOf(url.hostname) !== site && !isAmong(url.hostname, keepHosts),
    (gone) => {
      const hosts = [...new Set(gone.map(({ url }) => url.hostname))];
      const named = `${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? `, …` : ''}`;
      return `${count(gone, 'request')} to other hosts: ${named} (--keep-hosts)`;
    },
  );
  return { target, entries: own, leftOut };
}

/** The site of the first page that was opened; without pages, the origin that was asked most. */
function targetOf(entries: readonly HarEntry[]): string {
  const page = entries.find(
    ({ response }) => response.status < 300 && baseType(response.mimeType) === 'text/html',
  );
  if (page !== undefined) return page.url.origin;
  const counts = new Map<string, number>();
  for (const { url } of entries) counts.set(url.origin, (counts.get(url.origin) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}

function isLasting({ url, response, kind }: HarEntry): boolean {
  return (
    /^wss?:$/.test(url.protocol) ||
    response.status === 101 ||
    kind === 'websocket' ||
    baseType(response.mimeType) === 'text/event-stream'
  );
}

function isBeacon({ method, url, headers, kind }: HarEntry): boolean {
  const asksAhead =
    method === 'OPTIONS' && headers.some(([name]) => name.toLowerCase() === 'access-control-request-method');
  return asksAhead || BEACON_KINDS.has(kind) || BEACON_PATHS.test(url.pathname);
}

function isAsset({ method, url, response, kind }: HarEntry): boolean {
  if (method !== 'GET') return false;
  const type = baseType(response.mimeType);
  if (ASSET_KINDS.has(kind) || ASSET_TYPES.test(type)) return true;
  return ASSET_PATHS.test(url.pathname) && !/json/.test(type);
}

function count(entries: readonly unknown[], one: string, many = `${one}s`): string {
  return `${entries.length} ${entries.length === 1 ? one : many}`;
}
