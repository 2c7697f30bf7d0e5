import type { Comparison } from '@drumline/master/report';
import { messageOf, parseChangeCondition, type ChangeCondition } from '@drumline/model';
import { optionError } from './values.js';

/** The condition of a comparison. It can be repeated. */
export function failIfOption(group?: string) {
  return {
    type: 'string',
    array: true,
    requiresArg: true,
    ...(group !== undefined && { group }),
    describe:
      "Fail (exit 22) if this changed, and not by chance: 'p99 > +10%', 'POST /orders: p95 > +20ms', 'error rate > +0.5%'",
    read: (value: unknown): ChangeCondition[] => [value].flat().map((text) => conditionOf(String(text))),
  } as const;
}

function conditionOf(text: string): ChangeCondition {
  try {
    return parseChangeCondition(text);
  } catch (error) {
    throw optionError('fail-if', messageOf(error));
  }
}

/** The share below which a change does not matter: `5%`. */
export function marginOption(group?: string) {
  return {
    type: 'string',
    requiresArg: true,
    default: '5%',
    ...(group !== undefined && { group }),
    describe: 'Smaller changes of response times count as the same',
    read: (value: unknown): number => {
      const percent = Number(/^(\d+(?:\.\d+)?)\s*%$/.exec(String(value))?.[1]);
      if (percent > 0 && percent < 100) return percent / 100;
      throw optionError('margin', `'${String(value)}' is not a percentage`, 'Write --margin 5%.');
    },
  } as const;
}

const group = 'Comparison:';

/** Options that compare a run with a baseline when it has ended. */
export const baselineOptions = {
  baseline: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Compare the run with an earlier one: its id, previous, label:branch=main, or a file',
  },
  'fail-if': failIfOption(group),
  margin: marginOption(group),
  'cannot-tell': cannotTellOption(group),
} as const;

/** What a condition means that cannot be told from noise. */
export function cannotTellOption(group?: string) {
  return {
    choices: ['pass', 'fail'],
    default: 'pass',
    requiresArg: true,
    ...(group !== undefined && { group }),
    describe: 'Whether a condition of --fail-if fails if its change may be noise',
  } as const;
}

/** Whether the conditions of a comparison fail the command. */
export function isFailed(conditions: Comparison['conditions'], cannotTell: string): boolean {
  return conditions.some(
    ({ outcome }) => outcome === 'failed' || (outcome === 'cannot-tell' && cannotTell === 'fail'),
  );
}
