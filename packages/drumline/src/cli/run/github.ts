import { appendFile, stat } from 'node:fs/promises';
import { messageOf, outcomeLine, reasonsIn } from '@drumline/model';
import type { Comparison } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';

/** GitHub refuses a larger summary of a step. */
const MOST_SUMMARY_BYTES = 1024 * 1024;
/** GitHub shows this many annotations of a kind for each step. */
const MOST_ANNOTATIONS = 10;
const CUT = '\n\n_The rest does not fit into this summary._\n';

/**
 * In a job of GitHub Actions, adds the summary of a run to that of the step, and prints its
 * failures and notes as annotations. Never fails the run.
 * @param print writes a line to the log of the job
 */
export async function reportToGithub(
  result: RunResult,
  print: (line: string) => void,
  comparison?: Comparison,
): Promise<void> {
  if (process.env['GITHUB_ACTIONS'] === 'true')
    for (const line of annotationsOf(result, comparison)) print(line);
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  const { renderSummaryMarkdown } = await import('@drumline/master/report');
  try {
    await appendSummary(path, renderSummaryMarkdown(result, comparison));
  } catch (error) {
    print(`warning: the job summary cannot be written: ${messageOf(error)}`);
  }
}

async function appendSummary(path: string, text: string): Promise<void> {
  const before = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const room = MOST_SUMMARY_BYTES - before - 1;
  const bytes = Buffer.from(text);
  if (bytes.length <= room) return await appendFile(path, bytes);
  const kept = new TextDecoder().decode(bytes.subarray(0, Math.max(0, room - Buffer.byteLength(CUT) - 3)));
  if (room > Buffer.byteLength(CUT)) await appendFile(path, kept.replace(/\uFFFD$/, '') + CUT);
}

/** The reasons of the verdict and the notes, as workflow commands of GitHub Actions. */
function annotationsOf(result: RunResult, comparison: Comparison | undefined): string[] {
  const { verdict, notes } = result;
  const all = reasonsIn(result).map(({ message }) => message);
  const [reasons, remarks] = verdict === 'passed' ? [[], all] : [all, []];
  const failed = reasons.length === 0 && verdict !== 'passed' ? [outcomeLine(result)] : reasons;
  const conditions = comparison?.conditions ?? [];
  const worse = conditions.flatMap(({ outcome, message }) => (outcome === 'failed' ? [message] : []));
  const unknown = conditions.flatMap(({ outcome, message }) => (outcome === 'cannot-tell' ? [message] : []));
  const errors = [...failed, ...worse].slice(0, MOST_ANNOTATIONS);
  const warnings = [...remarks, ...unknown, ...notes.map(({ message }) => message)].slice(
    0,
    MOST_ANNOTATIONS,
  );
  const title = `title=${escapeProperty(`Drumline: ${result.run.scenario}`)}`;
  return [
    ...errors.map((message) => `::error ${title}::${escapeData(message)}`),
    ...warnings.map((message) => `::warning ${title}::${escapeData(message)}`),
  ];
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
