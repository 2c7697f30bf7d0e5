import { ApiError, type RunClient } from '@drumline/client';
import { DrumlineError, sentenceOf } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { callApi } from '../../cli/options/client.js';
import { runOptionsOf } from '../../cli/options/master.js';
import { requireNoFailure } from '../../cli/run/follow-run.js';
import { submittedOutputs } from '../../cli/run/open-outputs.js';
import { planOutputs, readsSeriesOf, writeOutputs } from '../../cli/run/outputs.js';
import { submitRun } from '../../cli/run/submit-run.js';
import type { FromRun } from '../messages.js';
import type { RunOrder, ServiceOptions } from '../options.js';
import { partsOf } from '../result-parts.js';
import { readSubmittedOrder, withOptionNames } from './arguments.js';
import { LogLines } from './log-lines.js';
import type { Orders } from './orders.js';

/**
 * Submits a run to a service, and waits until the result is sent and the reports are written.
 * @param orders set as soon as there is a run to be ordered
 * @throws DrumlineError
 */
export async function submitEmbedded(
  order: RunOrder,
  service: ServiceOptions,
  send: (message: FromRun) => Promise<void>,
  orders: Orders,
): Promise<void> {
  const lines = new LogLines((some) => void send({ type: 'log', lines: some }));
  const print = order.logs ? (line: string): void => lines.add(line) : () => {};
  const ended = new AbortController();
  let isCanceled = false;
  orders.stop = orders.abort = () => (isCanceled = true);
  try {
    const { url, args, overrides, secrets: own, given } = await readSubmittedOrder(order, service);
    const { scenario, workers } = order;
    const outputs = planOutputs(args, scenario, new Date());
    const { checkScenario } = await import('@drumline/scenario/project');
    const checked = await checkScenario(scenario, overrides, { types: false, secrets: own });
    for (const warning of checked.warnings) print(`warning: ${sentenceOf(warning)}`);
    const submitted = {
      scenario,
      checked,
      secrets: { ...own, ...checked.secrets },
      outputs: await submittedOutputs(args),
      workers,
      idempotencyKey: undefined,
      options: { ...runOptionsOf(args), given },
    };
    const { token = '', ca } = service;
    await callApi({ url, token: service.token, ca }, async (master) => {
      if (isCanceled)
        throw new DrumlineError('stopped-early', 'The run was canceled before it was submitted.');
      const { runId } = await submitRun(master, submitted, print);
      const run = master.run(runId);
      obey(orders, run);
      // The order came while the run was submitted.
      if (isCanceled) orders.abort();
      await send({ type: 'started', runId, url, token });
      if (order.logs) void printLog(run, print, ended.signal);
      const result = await resultOf(run);
      for (const part of partsOf(result)) await send(part);
      await writeOutputs(result, outputs, print, readsSeriesOf(run));
    });
  } catch (error) {
    throw withOptionNames(error);
  } finally {
    ended.abort();
    lines.flush();
  }
}

/** The run belongs to the service: it continues if this program ends. */
function obey(orders: Orders, run: RunClient): void {
  const cancel = async (): Promise<void> => void (await run.cancel());
  const stop = async (): Promise<void> => {
    // Nothing has started yet that could end gracefully.
    if ((await run.view()).state === 'queued') await cancel();
    else await run.stop();
  };
  // A run that has ended refuses; what else fails ends the events, too.
  orders.stop = () => void stop().catch(() => {});
  orders.abort = () => void cancel().catch(() => {});
  orders.leave = () => {};
}

/** Waits for the end. @throws DrumlineError with the reason if there is no result; ApiError */
async function resultOf(run: RunClient): Promise<RunResult> {
  try {
    for await (const { type } of run.events()) if (type === 'end') break;
    return await run.result();
  } catch (error) {
    if (error instanceof ApiError) await requireNoFailure(run, error);
    throw error;
  }
}

async function printLog(run: RunClient, print: (line: string) => void, signal: AbortSignal): Promise<void> {
  try {
    for await (const { text } of run.followLogs({ signal })) print(text);
  } catch {
    // The run is followed by its events; the log is an extra.
  }
}
