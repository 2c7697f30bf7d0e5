import { resolve } from 'node:path';
import type { MasterHandle } from '@drumline/master';
import type { RunResult } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import { MasterKey } from '@drumline/wire/security';
import { onInterrupt } from '../../cli/run/interrupts.js';
import type { LocalWorkers } from '../../cli/run/local-workers.js';
import { resultOf } from '../../cli/run/result-of.js';
import { readsSeriesOf, writeOutputs } from '../../cli/run/outputs.js';
import type { Screen } from '../../cli/run/screen.js';
import type { FromRun } from '../messages.js';
import type { RunOrder } from '../options.js';
import { partsOf } from '../result-parts.js';
import { planEmbeddedRun, withOptionNames } from './arguments.js';
import { LogLines } from './log-lines.js';
import type { Orders } from './orders.js';

/**
 * Runs a master and its workers until the result is sent and the reports are written.
 * @param orders set as soon as there is a run to be ordered
 * @throws DrumlineError
 */
export async function runEmbedded(
  order: RunOrder,
  send: (message: FromRun) => Promise<void>,
  orders: Orders,
): Promise<void> {
  const lines = new LogLines((some) => void send({ type: 'log', lines: some }));
  const print = order.logs ? (line: string): void => lines.add(line) : () => {};
  const local = await planEmbeddedRun(order);
  const { html, csv } = local.outputs;
  let workers: LocalWorkers | undefined;
  let master: MasterHandle | undefined;
  try {
    // Both are started first, so that they boot while the modules of the master load.
    const linkProcess = new LinkProcess();
    workers = local.startWorkers(screenOf(print));
    const { startMaster } = await import('@drumline/master');
    const token = MasterKey.generate().apiToken.text;
    const options = {
      ...local.master,
      apiToken: token,
      apiTokenOnLoopback: true,
      report: html === undefined ? undefined : resolve(html),
      seriesTimeline: csv !== undefined,
    };
    master = await startMaster(options, print, linkProcess);
    obey(orders, master);
    workers.join(master.workerAddress);
    const result = resultOf(master, workers.allLost);
    result.catch(() => {});
    await Promise.race([planned(master), result]);
    await send({ type: 'started', runId: master.control.status().runId, url: master.apiUrl!, token });
    await sendResult(await result, send);
    const seriesPoints = master.seriesPoints();
    const { control } = master;
    await master.close();
    master = undefined;
    await writeOutputs(await result, local.outputs, print, { seriesPoints, ...readsSeriesOf(control) });
  } catch (error) {
    throw withOptionNames(error);
  } finally {
    await master?.close();
    await workers?.end();
    lines.flush();
  }
}

/** Lets orders and signals end the run. */
function obey(orders: Orders, master: MasterHandle): void {
  orders.stop = () => {
    try {
      master.control.stop();
    } catch {
      // It has ended.
    }
  };
  orders.abort = () => master.abort();
  orders.leave = orders.abort;
  onInterrupt({ first: () => master.stop('interrupted'), second: orders.abort });
}

/** Resolves when the scenario is valid. A run that fails before never resolves it. */
async function planned({ control }: MasterHandle): Promise<void> {
  const isPlanned = (state: string): boolean => state !== 'created' && state !== 'failed';
  if (isPlanned(control.status().state)) return;
  await new Promise<void>((onPlanned) => {
    const unsubscribe = control.subscribe((event) => {
      if (event.type !== 'state' || !isPlanned(event.state)) return;
      unsubscribe();
      onPlanned();
    });
  });
}

async function sendResult(result: RunResult, send: (message: FromRun) => Promise<void>): Promise<void> {
  for (const part of partsOf(result)) await send(part);
}

function screenOf(print: (line: string) => void): Screen {
  return { print, warn: print, show: () => {}, acceptKeys: () => {}, end: () => {} };
}
