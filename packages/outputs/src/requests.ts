import { DrumlineError } from '@drumline/model';
import { OutputProblem, parseSpec, shownSpec } from './spec.js';
import type { RequestedOutput, RequestProblem } from './thread/messages.js';

/** An output as a user has written it. */
export interface WrittenOutput {
  /** `NAME[=URL][?option=value&...]` */
  readonly text: string;
  /** Where it was written, for messages: `--out`. */
  readonly where: string;
}

/**
 * Reads outputs.
 * @throws DrumlineError `usage` with all problems
 */
export function readOutputs(written: readonly WrittenOutput[]): RequestedOutput[] {
  const problems: string[] = [];
  const requested = written.flatMap(({ text, where }) => {
    try {
      return [requestOf(text)];
    } catch (error) {
      if (!(error instanceof OutputProblem)) throw error;
      // The text is not shown, because it may contain a password.
      problems.push(...error.problems.map((problem) => `${where} ${nameIn(text)}: ${problem}`));
      return [];
    }
  });
  if (problems.length > 0) throw invalid(problems);
  return requested;
}

/** The options of all outputs are removed: outputs never see them. */
function requestOf(text: string): RequestedOutput {
  const spec = parseSpec(text);
  const { optional, ...options } = spec.options;
  if (optional !== undefined && optional !== 'true' && optional !== 'false')
    throw new OutputProblem(['option optional must be true or false']);
  return { spec: { ...spec, options }, isOptional: optional === 'true' };
}

/** The error for outputs that were refused. */
export function refusal(
  problems: readonly RequestProblem[],
  written: readonly WrittenOutput[],
  requested: readonly RequestedOutput[],
): DrumlineError {
  const lines = problems.map(
    ({ index, message }) => `${written[index]!.where} ${shownSpec(requested[index]!.spec)}: ${message}`,
  );
  if (problems.some(({ stage }) => stage === 'create')) return invalid(lines);
  return new DrumlineError(
    'output-unwritable',
    lines.join('\n'),
    'Nothing was started. With ?optional=true, a run begins without an output whose service does not answer.',
  );
}

function invalid(problems: readonly string[]): DrumlineError {
  const hint = 'Write NAME, NAME=URL or NAME=URL?option=value&option=value; `drumline outputs` lists them.';
  return new DrumlineError('usage', problems.join('\n'), hint);
}

function nameIn(text: string): string {
  return /^[a-z][\w-]*/i.exec(text)?.[0] ?? "''";
}
