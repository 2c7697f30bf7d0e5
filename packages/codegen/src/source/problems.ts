import { clip, DrumlineError, printable } from '@drumline/model';

const MOST_SHOWN = 20;
/** Characters of a problem. */
const LONGEST = 500;

/**
 * Reports the problems of a source.
 * @throws DrumlineError `usage` that lists the problems, if there are any
 */
export function throwProblems(source: string, problems: readonly string[], hint?: string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => clip(printable(problem), LONGEST));
  const more = problems.length - shown.length;
  const lines = [...shown, ...(more > 0 ? [`and ${more} more problems`] : [])];
  const message =
    lines.length === 1
      ? `${source}: ${lines[0]}`
      : `${source} has ${problems.length} problems:\n  ${lines.join('\n  ')}`;
  throw new DrumlineError('usage', message, hint);
}
