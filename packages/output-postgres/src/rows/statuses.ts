import { statusCodeOf, statusText } from '@drumline/model';
import type { StatusCount } from '@drumline/stats';

/** Requests by status, as in the column `statuses`. */
export type StoredStatuses = Readonly<Record<string, number>>;

export function storeStatuses(counts: readonly StatusCount[]): StoredStatuses {
  return Object.fromEntries(counts.map(([code, requests]) => [statusText(code), requests]));
}

/** Ascending by code. */
export function readStatuses(stored: StoredStatuses): StatusCount[] {
  const codeOf = (text: string): number => statusCodeOf(/^\d+$/.test(text) ? Number(text) : text);
  return Object.entries(stored)
    .map(([text, requests]) => [codeOf(text), requests] as const)
    .sort(([a], [b]) => a - b);
}
