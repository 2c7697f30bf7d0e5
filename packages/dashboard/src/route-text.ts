/** What the page shows. It is in the fragment of the URL, so that a link shows the same. */
export interface Route {
  readonly page: 'run' | 'runs' | 'compare' | 'new';
  /** `current`, or the id of a run. */
  readonly run: string;
  readonly tab: string;
  /** What a view adds: filter, order, chosen columns. */
  readonly query: Readonly<Record<string, string>>;
}

/** The run in progress, else the first of the queue, else the newest that ended. */
export const CURRENT_RUN = 'current';
const PAGES = new Set(['run', 'runs', 'compare', 'new']);

/** Reads `#/run/ID/TAB?name=value`. Anything else is the run in progress. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', run = CURRENT_RUN, tab = 'overview'] = path.split('/').map(decode);
  return {
    page: (PAGES.has(page) ? page : 'run') as Route['page'],
    run: run || CURRENT_RUN,
    tab: tab || 'overview',
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function writeRoute({ page, run, tab, query }: Route): string {
  const path = page === 'run' ? [page, run, tab] : [page];
  const values = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const text = values.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
