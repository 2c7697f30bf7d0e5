import { MAX_WORKERS } from '@drumline/model';
import { optionError } from './values.js';

/** How many workers: a number, or as many as the plan needs within bounds. */
export type WorkersWanted = number | { readonly least: number; readonly most: number };

const MOST_UNASKED = 20;

export const workersOption = {
  type: 'string',
  requiresArg: true,
  group: 'Kubernetes:',
  default: '3',
  describe: `Number of workers; auto: as many as the load needs, from 1 to ${MOST_UNASKED}; auto:2..50 for other bounds`,
  read: (value: unknown): WorkersWanted => readWorkers(String(value)),
} as const;

function readWorkers(text: string): WorkersWanted {
  if (/^\d{1,6}$/.test(text)) return checked(Number(text));
  const [, least = '1', most = String(MOST_UNASKED)] = /^auto(?::(\d{1,6})\.\.(\d{1,6}))?$/.exec(text) ?? [
    null,
  ];
  if (!text.startsWith('auto') || /^auto(?::\d{1,6}\.\.\d{1,6})?$/.exec(text) === null)
    throw optionError('workers', `'${text}' is not a number of workers`, 'Write 4, auto or auto:2..20.');
  const bounds = { least: checked(Number(least)), most: checked(Number(most)) };
  if (bounds.least <= bounds.most) return bounds;
  throw optionError('workers', `${least} is more than ${most}`, 'Write the lower bound first: auto:2..20.');
}

function checked(count: number): number {
  if (count >= 1 && count <= MAX_WORKERS) return count;
  throw optionError('workers', `must be from 1 to ${MAX_WORKERS}`);
}
