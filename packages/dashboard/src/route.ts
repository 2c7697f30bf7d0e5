import { signal } from '@preact/signals';
import { readRoute, writeRoute, type Route } from './route-text.js';

export const route = signal(readRoute(location.hash));
addEventListener('hashchange', () => (route.value = readRoute(location.hash)));

/** Goes to another view. The browser's back button returns. */
export function go(change: Partial<Route>): void {
  location.hash = writeRoute({ ...route.value, query: {}, ...change });
}

/** Changes a value of this view, without an entry in the history. */
export function setQuery(name: string, value: string): void {
  const { query, ...rest } = route.value;
  history.replaceState(null, '', writeRoute({ ...rest, query: { ...query, [name]: value } }));
  route.value = readRoute(location.hash);
}
