import { baseType } from '../recording/headers.js';
import type { HarEntry } from './har.js';
import { isAmong, siteOf } from '../recording/site.js';

/** The entries of a recording that become requests of the scenario. */
export interface Selection {
  /** Origin of the visited site. */
  readonly target: string;
  readonly entries: readonly HarEntry[];
  /** What was left out: `2 images, scripts and other assets`. */
  readonly leftOut: readonly string[];
  /** The options that keep what was left out. */
  readonly options: readonly string[];
}

export interface SelectionOptions {
  readonly keepAssets: boolean;
  /** Additional hosts, including their subdomains. */
  readonly keepHosts: readonly string[];
}

const ASSET_KINDS = new Set(['script', 'stylesheet', 'image', 'font', 'media', 'manifest', 'texttrack']);
const ASSET_TYPES =
  /^(?:image|font|audio|video)\/|^text\/(?:css|javascript)$|^application\/(?:(?:x-)?javascript|wasm|font|x-font|manifest\+json)/;
const ASSET_PATHS =
  /\.(?:m?js|css|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|mp[34]|webm|wasm|webmanifest)$/i;
/** Requests that browsers and analytics send automatically. */
const BEACON_KINDS = new Set(['ping', 'preflight', 'csp-violation-report', 'cspviolationreport']);
const BEACON_PATHS = /^\/(?:cdn-cgi|_vercel\/(?:speed-)?insights)\/|\/beacon$/;

/** A kind of entry that is left out. */
interface Rule {
  readonly matches: (entry: HarEntry) => boolean;
  /** Singular and plural. */
  readonly names: readonly [one: string, many: string];
  /** The option that keeps such entries. */
  readonly option?: string;
}

const RULES: readonly Rule[] = [
  {
    matches: hasNoServer,
    names: [
      'URL without a server (such as data: or blob:)',
      'URLs without a server (such as data: or blob:)',
    ],
  },
  { matches: isStream, names: ['WebSocket or event stream', 'WebSockets and event streams'] },
  { matches: hasNoResponse, names: ['request without a response', 'requests without a response'] },
  { matches: isBeacon, names: ['preflight or beacon', 'preflights and beacons'] },
];
const ASSETS: Rule = {
  matches: isAsset,
  names: ['image, script or other asset', 'images, scripts and other assets'],
  option: '--keep-assets',
};

/** Leaves out automatic requests of browsers, and requests to other sites. */
export function selectEntries(
  entries: readonly HarEntry[],
  { keepAssets, keepHosts }: SelectionOptions,
): Selection {
  const leftOut: string[] = [];
  const options: string[] = [];
  const leaveOut = (
    from: readonly HarEntry[],
    { matches, names: [one, many], option }: Rule,
    which = '',
  ): HarEntry[] => {
    const kept = from.filter((entry) => !matches(entry));
    const count = from.length - kept.length;
    if (count > 0) leftOut.push(`${count} ${count === 1 ? one : many}${which}`);
    if (count > 0 && option !== undefined) options.push(option);
    return kept;
  };
  const rules = keepAssets ? RULES : [...RULES, ASSETS];
  const dynamic = rules.reduce((left, rule) => leaveOut(left, rule), entries);
  const target = targetOf(dynamic);
  const site = target === '' ? '' : siteOf(new URL(target).hostname);
  const isOtherHost = ({ url }: HarEntry): boolean =>
    siteOf(url.hostname) !== site && !isAmong(url.hostname, keepHosts);
  const hosts = [...new Set(dynamic.filter(isOtherHost).map(({ url }) => url.hostname))];
  const otherHosts: Rule = {
    matches: isOtherHost,
    names: ['request to another host', 'requests to other hosts'],
    option: '--keep-hosts',
  };
  const own = leaveOut(
    dynamic,
    otherHosts,
    ` (${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? ', …' : ''})`,
  );
  return { target, entries: own, leftOut, options };
}

/** Origin of the first page. Without a page, the most frequent origin. */
function targetOf(entries: readonly HarEntry[]): string {
  const page = entries.find(
    ({ response }) => response.status < 300 && baseType(response.mimeType) === 'text/html',
  );
  if (page !== undefined) return page.url.origin;
  const counts = new Map<string, number>();
  for (const { url } of entries) counts.set(url.origin, (counts.get(url.origin) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}

function isStream({ url, response, kind }: HarEntry): boolean {
  return (
    /^wss?:$/.test(url.protocol) ||
    response.status === 101 ||
    kind === 'websocket' ||
    baseType(response.mimeType) === 'text/event-stream'
  );
}

function hasNoServer({ url }: HarEntry): boolean {
  return !/^(?:https?|wss?):$/.test(url.protocol);
}

function hasNoResponse({ response }: HarEntry): boolean {
  return response.status <= 0;
}

function isBeacon({ method, url, headers, kind }: HarEntry): boolean {
  const isPreflight =
    method === 'OPTIONS' && headers.some(([name]) => name.toLowerCase() === 'access-control-request-method');
  return isPreflight || BEACON_KINDS.has(kind) || BEACON_PATHS.test(url.pathname);
}

function isAsset({ method, url, response, kind }: HarEntry): boolean {
  if (method !== 'GET') return false;
  const type = baseType(response.mimeType);
  if (ASSET_KINDS.has(kind) || ASSET_TYPES.test(type)) return true;
  return ASSET_PATHS.test(url.pathname) && !/json/.test(type);
}
