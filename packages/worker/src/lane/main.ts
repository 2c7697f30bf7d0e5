// The process that makes load. The control process controls it, and it ends with that process.
import { clip, DrumlineError, messageOf, Redactor, stackOf } from '@drumline/model';
import { tidyStack } from '@drumline/scenario/runtime';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LaneNews, LaneOrder, LaneVitals } from '../lane-protocol.js';
import { Lane } from './lane.js';
import { LaneShared } from './shared/lane-shared.js';
import { isUnwinding } from './unwinding.js';
import { watchVitals } from '../vitals.js';
import { warmUp } from './warm-up.js';

const VITALS_EVERY_MS = 250;
/** The maximum time whose counts are lost if the lane is killed. */
const FLUSH_EVERY_MS = 250;
/** After a second of the run, so that it is handed over long before the worker reports it. */
const FLUSH_LAG_MS = 10;
/**
 * Maximum length of a problem. The master rejects messages with texts of more than 65,536
 * characters.
 */
const MAX_PROBLEM_CHARS = 16_000;

// In parallel with the preparation of the run.
const warmedUp = warmUp();
let lane: Lane | undefined;
let leaving = false;
/** Whether the start of the load has passed. */
let hasBegun = false;
let redactor: Redactor | undefined;
const vitals = watchVitals();
const exitProcess = process.exit.bind(process);
const send = (news: LaneNews): void => {
  if (process.connected) process.send!(redacted(news));
};

// Code that runs while the lane is loaded may ask, too.
const shared = new LaneShared((batch) => send({ type: 'shared', ...batch }));

process.on('message', (order: LaneOrder) => void obey(order));
process.on('disconnect', () => end());
// The control process may have died before anything listened.
if (!process.connected) end();
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('uncaughtException', (error) => {
  // In a callback, `iteration.end()` has nothing to unwind. The next call of the user code throws
  // it again.
  if (isUnwinding(error)) return;
  die(`an uncaught error: ${messageOf(error)}`, tidyStack(stackOf(error)));
});
process.on('unhandledRejection', (error) => lane?.threw('', 'a promise nobody awaited', error));
process.exit = (code) => {
  const error = new Error(`the scenario's code called process.exit(${code ?? ''})`);
  die(error.message, tidyStack(stackOf(error)));
  throw error;
};

setInterval(sendVitals, VITALS_EVERY_MS);
scheduleFlush();
send({ type: 'booted' });

/** Delays from before the load, such as those of loading the scenario, affect no response. */
function sendVitals(): void {
  const ofLoad = hasBegun ? {} : { loopDelayMs: 0, longDelaysMs: [] };
  send({ type: 'vitals', users: lane?.users ?? 0, ...positions(), ...vitals(), ...ofLoad });
}

function beginLoad(): void {
  if (hasBegun) return;
  sendVitals();
  hasBegun = true;
}

/** Hands over what was counted, four times in each second of the run. */
function scheduleFlush(): void {
  const sinceMs = (monotonicMs() - (lane?.startAtMs ?? 0) - FLUSH_LAG_MS) % FLUSH_EVERY_MS;
  setTimeout(
    () => {
      lane?.flush();
      scheduleFlush();
    },
    FLUSH_EVERY_MS - ((sinceMs + FLUSH_EVERY_MS) % FLUSH_EVERY_MS),
  );
}

/** Left out if there are none, as in closed loads. */
function positions(): Pick<LaneVitals, 'positions'> {
  const all = lane?.positions ?? [];
  return all.length > 0 ? { positions: all } : {};
}

async function obey(order: LaneOrder): Promise<void> {
  if ('leaseUntilMs' in order) lane?.renewLease(order.leaseUntilMs);
  switch (order.type) {
    case 'load':
      redactor = Redactor.of(order.secrets);
      try {
        await warmedUp;
        lane = await Lane.load(order, send, shared);
        return send({ type: 'loaded' });
      } catch (error) {
        return send({ type: 'loaded', problem: clip(problemOf(error), MAX_PROBLEM_CHARS) });
      }
    case 'phase':
      try {
        return sendResult(order.phase, await lane!.runPhase(order.phase, order.setupResult));
      } catch (error) {
        const problem = clip(tidyStack(stackOf(error)), MAX_PROBLEM_CHARS);
        return send({ type: 'phaseDone', phase: order.phase, problem });
      }
    case 'assign':
      return lane?.assign(order);
    case 'start':
      setTimeout(beginLoad, order.startAtMs - monotonicMs());
      return lane?.start(order);
    case 'clock':
      return lane?.adjustClock(order.startAtMs);
    case 'sharedReply':
      return shared.answer(order.seq, order.answers);
    case 'sharedWake':
      return shared.wake(order.keys);
    case 'hold':
      return lane?.hold();
    case 'drain':
      await lane?.drain(order.stopTimeoutMs);
      return send({ type: 'drained' });
    case 'exit':
      return end();
  }
}

/** Sends the result of a phase. Only plain data can be sent to another process. */
function sendResult(phase: 'setup' | 'teardown', result: unknown): void {
  try {
    send({ type: 'phaseDone', phase, result });
  } catch (error) {
    const problem = `the value that ${phase} returns cannot be sent to the lanes: ${messageOf(error)} Return plain data: strings, numbers, arrays and objects of them.`;
    send({ type: 'phaseDone', phase, problem });
  }
}

/** Redacts a message, except for the result of setup, which goes only to lanes. */
function redacted(news: LaneNews): LaneNews {
  // Shared state goes only to lanes, too.
  if (redactor === undefined || news.type === 'vitals' || news.type === 'shared') return news;
  if (news.type === 'phaseDone' && news.problem === undefined) return news;
  return redactor.data(news);
}

function problemOf(error: unknown): string {
  if (!(error instanceof DrumlineError)) return `${messageOf(error)}\n${tidyStack(stackOf(error))}`;
  return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
}

/** Hands over all counts and ends, because user code has left the process in an unknown state. */
function die(reason: string, stack: string): void {
  if (leaving) return;
  leaving = true;
  void Promise.resolve(lane?.cutAndFlush()).finally(() => {
    process.send?.(redacted({ type: 'dying', reason, stack, ...positions() }), () => exitProcess(70));
  });
}

function end(): void {
  leaving = true;
  exitProcess(0);
}
