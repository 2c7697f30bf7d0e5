import { route, setQuery } from '../../route.js';

/** The most series that the charts of the run show. */
const MOST_PINS = 5;

/** The ids of the series that are pinned to the charts, from the URL. */
export function pins(): string[] {
  const { pins: text = '' } = route.value.query;
  return text === '' ? [] : text.split('.').slice(0, MOST_PINS);
}

/** Pins a series, or unpins it. The oldest makes room. */
export function togglePin(id: string): void {
  const now = pins();
  const next = now.includes(id) ? now.filter((one) => one !== id) : [...now, id].slice(-MOST_PINS);
  setQuery('pins', next.join('.'));
}
