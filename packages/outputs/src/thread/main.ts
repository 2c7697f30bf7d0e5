/**
 * The thread that runs the outputs of a run. A service that is slow, or an output that blocks, must
 * not delay the control loop of the master.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '@drumline/model';
import { findOutput } from '../built-in.js';
import { OutputError, type Output, type OutputState } from '../output.js';
import { OutputProblem, shownSpec, shownUrl } from '../spec.js';
import { HostedOutput } from './hosted-output.js';
import type {
  BegunRun,
  OutputsAnswer,
  OutputsOrder,
  OutputsThreadData,
  RequestedOutput,
  RequestProblem,
} from './messages.js';

const CHECK_LIMIT_MS = 10_000;
const STATUS_EVERY_MS = 200;

const port = parentPort!;
const { requested, isTrial } = workerData as OutputsThreadData;
const answer = (message: OutputsAnswer): void => port.postMessage(message);

const created = await Promise.all(requested.map(create));
const faults = created.flatMap((one) => ('problems' in one ? one.problems : []));
const outputs = created.flatMap((one) => ('output' in one ? [one.output] : []));
if (faults.length > 0) await refuse(faults);
else if (isTrial) await leave({ kind: 'ready', problems: [], addresses: [] });
else {
  const checks = await Promise.all(outputs.map((output, index) => check(output, index)));
  const problems = checks.filter((problem) => problem !== undefined);
  if (problems.some(({ isFatal }) => isFatal)) await refuse(problems);
  else serve(problems);
}

async function create(
  { spec }: RequestedOutput,
  index: number,
): Promise<{ output: Output } | { problems: RequestProblem[] }> {
  try {
    return { output: await (await findOutput(spec.name)).create(spec) };
  } catch (error) {
    const texts = error instanceof OutputProblem ? error.problems : [messageOf(error)];
    return { problems: texts.map((message) => ({ index, message, stage: 'create' })) };
  }
}

async function check(
  output: Output,
  index: number,
): Promise<(RequestProblem & { isFatal: boolean }) | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer within 10 s')), CHECK_LIMIT_MS);
    });
    await Promise.race([output.check?.(), limit]);
    return undefined;
  } catch (error) {
    const isFatal = error instanceof OutputError || !requested[index]!.isOptional;
    return { index, message: messageOf(error), stage: 'check', isFatal };
  } finally {
    clearTimeout(timer);
  }
}

async function refuse(problems: readonly RequestProblem[]): Promise<void> {
  await leave({ kind: 'refused', problems });
}

async function leave(last: OutputsAnswer): Promise<void> {
  await Promise.allSettled(outputs.map((output) => new HostedOutput(output, () => {}).close()));
  answer(last);
  port.close();
}

/** What another master knew of the output. An output that is new begins with the next event. */
function sentBefore({ resumed }: BegunRun, index: number): number {
  return resumed?.sent[shownSpec(requested[index]!.spec)] ?? resumed?.position ?? 0;
}

function serve(problems: readonly RequestProblem[]): void {
  let timer: NodeJS.Timeout | undefined;
  const progress = (): HostedOutput['progress'][] => hosted.map((one) => one.progress);
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      answer({ kind: 'status', outputs: progress() });
    }, STATUS_EVERY_MS);
  };
  const hosted = outputs.map((output) => new HostedOutput(output, changed));
  /** Seconds that the master has not passed on, because this thread was blocked. */
  let notTaken = 0;
  const states = (): OutputState[] =>
    hosted.map(({ progress: { state, droppedSeconds } }, index) => {
      const { name, url = '' } = requested[index]!.spec;
      const to = outputs[index]!.listensAt ?? shownUrl(url);
      return { name, to, state, droppedSeconds: droppedSeconds + notTaken };
    });
  for (const output of outputs) output.follow?.(states);
  port.on('message', (order: OutputsOrder) => {
    switch (order.kind) {
      case 'begin':
        hosted.forEach((one, index) => one.begin(order.run, sentBefore(order.run, index)));
        return;
      case 'input':
        notTaken = order.notTaken;
        for (const one of hosted) one.take(order.input);
        return answer({ kind: 'taken' });
      case 'end':
        void Promise.allSettled(hosted.map((one) => one.end(order.end, order.limitMs))).then(() => {
          clearTimeout(timer);
          answer({ kind: 'ended', outputs: progress() });
          // Services may have left something open, such as a connection that does not close.
          process.exit();
        });
    }
  });
  answer({ kind: 'ready', problems, addresses: outputs.map(({ listensAt }) => listensAt) });
}
