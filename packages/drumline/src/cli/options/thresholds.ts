import { parseAbortCondition, parseWrittenThreshold, ThresholdProblem } from '@drumline/model';
import { optionError } from './values.js';

const group = 'Verdict:';

/** Options for thresholds. They can be repeated. */
export const thresholdOptions = {
  threshold: {
    ...conditions('threshold', parseWrittenThreshold),
    describe:
      "Fail the run unless this holds: 'p99 < 300ms', 'error rate < 1%', 'POST /orders: p95 < 200ms over 10s'",
  },
  'abort-on': {
    ...conditions('abort-on', parseAbortCondition),
    describe: "End the run, which then fails, when this holds: 'error rate > 10% over 10s'",
  },
} as const;

/** What happens if the generator was the bottleneck. */
export const untrustedOption = {
  choices: ['warn', 'fail'],
  default: 'warn',
  requiresArg: true,
  group,
  describe:
    'What happens if a worker was the bottleneck, so that response times include its own delay. warn: a note. fail: exit code 20',
} as const;

/** An option with conditions, which `parse` checks. They stay as they are written. */
function conditions(name: string, parse: (text: string) => unknown) {
  const read = (value: unknown): string[] => [value].flat().map((text) => checked(name, String(text), parse));
  return { type: 'string', array: true, requiresArg: true, group, read } as const;
}

function checked(name: string, text: string, parse: (text: string) => unknown): string {
  try {
    parse(text);
    return text;
  } catch (error) {
    if (!(error instanceof ThresholdProblem)) throw error;
    throw optionError(name, error.message, `${error.hint.charAt(0).toUpperCase()}${error.hint.slice(1)}.`);
  }
}
