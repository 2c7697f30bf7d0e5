import type { PlayedRun } from '../cluster/played-run.js';
import type { Target } from '../cluster/target.js';

/**
 * Checks that no row was taken or lent twice, and that the result accounts for each row that was
 * taken.
 */
export function judgeRows(target: Target, { ids, run, result }: PlayedRun): string[] {
  const problems = target.lentTwice.map((row) => `row ${row} was lent twice`);
  for (const id of ids) {
    const rows = target.takenIn(id);
    const twice = rows.length - new Set(rows).size;
    if (twice > 0) problems.push(`${twice} rows were taken twice`);
  }
  const [once] = result?.rows ?? [];
  if (!once || !run) return problems;
  const taken = target.takenIn(run.id).length;
  const lost = once.lost.reduce((sum, { rows }) => sum + rows, 0);
  if (once.issued !== once.used + lost)
    problems.push(`of ${once.issued} rows that were issued, ${once.used} were used and ${lost} lost`);
  if (once.used > taken) problems.push(`${once.used} rows are stated as used, ${taken} were taken`);
  if (taken > once.issued) problems.push(`${taken} rows were taken, ${once.issued} are stated as issued`);
  return problems;
}
