import { signal } from '@preact/signals';
import { readRoute, writeRoute, type Route } from './route-text.js';

/** The first drawing of a report is made where there is no browser. */
const isBrowser = typeof location !== 'undefined';

export const route = signal(readRoute(isBrowser ? location.hash : ''));
if (isBrowser) addEventListener('hashchange', () => (route.value = readRoute(location.hash)));

/**
 * Goes to another view. The browser's back button returns. The pinned series stay in all views of a
 * run.
 */
export function go(change: Partial<Route>): void {
  const { pins = '' } = route.value.query;
  const isSame = (change.run ?? route.value.run) === route.value.run;
  const query: Route['query'] = isSame ? { pins } : {};
  location.hash = writeRoute({ ...route.value, query, ...change });
}

/** Changes a value of this view, without an entry in the history. */
export function setQuery(name: string, value: string): void {
  const { query, ...rest } = route.value;
  const text = writeRoute({ ...rest, query: { ...query, [name]: value } });
  history.replaceState(null, '', text);
  route.value = readRoute(text);
}
