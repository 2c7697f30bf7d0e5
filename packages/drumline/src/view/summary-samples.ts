import type { RunResult } from '@drumline/wire';
import type { Colors } from './options.js';
import { cutEnd, oneLine } from './text.js';

/** Lines of a request or a response; the report has the rest. */
const MOST_LINES = 8;

/** A failed request of the most frequent error, with its response. */
export function sampleLines({ errors }: Pick<RunResult, 'errors'>, colors: Colors, width: number): string[] {
  const [shown] = errors
    .filter(({ samples = [] }) => samples.length > 0)
    .toSorted((a, b) => b.occurrences - a.occurrences);
  const [sample] = shown?.samples ?? [];
  if (!sample) return [];
  const part = (mark: string, text: string | undefined): string[] =>
    (text?.split('\n') ?? []).map((line, i) =>
      cutEnd(`${i === 0 ? mark : ' '} ${oneLine(line)}`.trimEnd(), width),
    );
  return [...limited(part('→', sample.request)), ...limited(part('←', sample.response))].map((line) =>
    colors.dim(line),
  );
}

function limited(lines: string[]): string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), '  …'];
}
