import type { OutputView, RunResult } from '@drumline/wire';
import { formatCount } from './format.js';
import type { Colors } from './options.js';
import { cutEnd, oneLine } from './text.js';

/** A line for each output: what it sent, and what it lost. */
export function outputLines(
  { outputs = [] }: Pick<RunResult, 'outputs'>,
  colors: Colors,
  width: number,
): string[] {
  return outputs.map((output) => {
    const mark = output.droppedSeconds > 0 ? colors.yellow('!') : colors.green('✓');
    return `${mark} ${cutEnd(describeOutput(output), width - 2)}`;
  });
}

/** `ndjson seconds.ndjson: 12 batches sent, 3 seconds lost` */
export function describeOutput({
  name,
  to,
  state,
  sentBatches,
  droppedSeconds,
  lastError,
}: OutputView): string {
  const lost = droppedSeconds > 0 ? `, ${counted(droppedSeconds, 'second')} lost` : '';
  const error = isFailing({ state, droppedSeconds }) && lastError !== undefined ? `: ${lastError}` : '';
  const now = state === 'closed' || state === 'running' ? '' : `, ${state}`;
  return oneLine(
    `${name}${to === '' ? '' : ` ${to}`}: ${counted(sentBatches, 'batch', 'batches')} sent${lost}${now}${error}`,
  );
}

/** Whether users should look at it. */
export function isFailing({ state, droppedSeconds }: Pick<OutputView, 'state' | 'droppedSeconds'>): boolean {
  return state === 'failing' || droppedSeconds > 0;
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}
