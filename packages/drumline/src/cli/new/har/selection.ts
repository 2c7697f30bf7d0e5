import { baseType } from '../recording/headers.js';
import type { HarEntry } from './har.js';
import { isAmong, siteOf } from './site.js';

/** What of a recording belongs into a scenario. */
export interface Selection {
  /** Origin of the site that was visited. */
  readonly target: string;
  readonly entries: readonly HarEntry[];
  /** In words. */
  readonly leftOut: readonly string[];
  /** Those that keep some of it after all. */
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
/** What browsers and their watchers send without anyone's doing. */
const BEACON_KINDS = new Set(['ping', 'preflight', 'csp-violation-report', 'cspviolationreport']);
const BEACON_PATHS = /^\/(?:cdn-cgi|_vercel\/(?:speed-)?insights)\/|\/beacon$/;

/** A kind of request that does not belong into a scenario. */
interface Rule {
  readonly isMeant: (entry: HarEntry) => boolean;
  /** What to call one and several of them. */
  readonly names: readonly [one: string, many: string];
  /** Keeps them after all. */
  readonly option?: string;
}

const RULES: readonly Rule[] = [
  {
    isMeant: isElsewhere,
    names: [
      'URL without a server (such as data: or blob:)',
      'URLs without a server (such as data: or blob:)',
    ],
  },
  { isMeant: isLasting, names: ['WebSocket or event stream', 'WebSockets and event streams'] },
  { isMeant: isUnanswered, names: ['request without a response', 'requests without a response'] },
  { isMeant: isBeacon, names: ['preflight or beacon', 'preflights and beacons'] },
];
const ASSETS: Rule = {
  isMeant: isAsset,
  names: ['image, script or other asset', 'images, scripts and other assets'],
  option: '--keep-assets',
};

/** Leaves out what browsers fetch by themselves and what goes to others. */
export function selectEntries(
  entries: readonly HarEntry[],
  { keepAssets, keepHosts }: SelectionOptions,
): Selection {
  const leftOut: string[] = [];
  const options: string[] = [];
  const drop = (
    from: readonly HarEntry[],
    { isMeant, names: [one, many], option }: Rule,
    which = '',
  ): HarEntry[] => {
    const kept = from.filter((entry) => !isMeant(entry));
    const count = from.length - kept.length;
    if (count > 0) leftOut.push(`${count} ${count === 1 ? one : many}${which}`);
    if (count > 0 && option !== undefined) options.push(option);
    return kept;
  };
  const rules = keepAssets ? RULES : [...RULES, ASSETS];
  const dynamic = rules.reduce((left, rule) => drop(left, rule), entries);
  const target = targetOf(dynamic);
  const site = target === '' ? '' : siteOf(new URL(target).hostname);
  const isStrange = ({ url }: HarEntry): boolean =>
    siteOf(url.hostname) !== site && !isAmong(url.hostname, keepHosts);
  const hosts = [...new Set(dynamic.filter(isStrange).map(({ url }) => url.hostname))];
  const strange: Rule = {
    isMeant: isStrange,
    names: ['request to another host', 'requests to other hosts'],
    option: '--keep-hosts',
  };
  const own = drop(dynamic, strange, ` (${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? ', …' : ''})`);
  return { target, entries: own, leftOut, options };
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

/** What a browser had itself. */
function isElsewhere({ url }: HarEntry): boolean {
  return !/^(?:https?|wss?):$/.test(url.protocol);
}

function isUnanswered({ response }: HarEntry): boolean {
  return response.status <= 0;
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
