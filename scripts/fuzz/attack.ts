import { setTimeout as pause } from 'node:timers/promises';
import type { NoteCode } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import type { MasterKey } from '@drumline/wire/security';
import { Peers, type Thrown } from './peers.js';
import { Random } from './random.js';
import { Victim } from './victim.js';
import { talkBadly } from './zmtp/strangers.js';
import { tearLinks } from './zmtp/torn-links.js';

export interface AttackOrder {
  readonly frames: number;
  /** The same seed gives the same frames. */
  readonly seed: number;
  /** Duration of the ZMTP attack before the frames, milliseconds. */
  readonly zmtpMs: number;
  /** With a key, the master admits only peers with its token. Half of the attackers have it. */
  readonly key: MasterKey | null;
}

export interface AttackOutcome {
  readonly thrown: Thrown;
  readonly refusals: Readonly<Record<string, number>>;
  /** Resident memory, bytes. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  /**
   * Longest response time of `GET …/status`, polled ten times a second. The control loop was
   * never blocked for longer.
   */
  readonly longestAnswerMs: number;
  readonly longestHeartbeatGapMs: number;
  readonly requestsReported: number;
  readonly requestsSeen: number;
  /** Total number of log lines of the master. */
  readonly linesSaid: number;
  /** From the first frame to the last. */
  readonly lastedS: number;
  /** Exits of the link process. */
  readonly interruptions: readonly string[];
  /** Bugs that the master reported about itself. */
  readonly defects: readonly string[];
  /** Broken promises of SECURITY.md, as text. */
  readonly broken: readonly string[];
}

/** The limits of the test. */
const MAX_GROWTH_BYTES = 400e6;
const MAX_ANSWER_MS = 3_000;
const MAX_HEARTBEAT_GAP_MS = 3_000;
/** The master logs fifty lines of a kind in ten seconds, then only counts. */
const MAX_LINES_PER_S = 40;
/** A busy machine may stall for a second or two. */
const QUIET_LOOKS = 3;

/** Sends hostile frames to a master during its run, and reports the outcome. */
export async function attack({ frames, zmtpMs, seed, key }: AttackOrder): Promise<AttackOutcome> {
  const victim = await Victim.start(key);
  const memory: number[] = [];
  const answers: number[] = [];
  const watch = victim.watch(({ answerMs, memoryBytes }) => {
    answers.push(answerMs);
    memory.push(memoryBytes);
  });
  while (memory.length < 10) await pause(100);
  const before = memory.at(-1)!;
  const random = new Random(seed);
  const startedMs = performance.now();
  const broken = await Promise.race([breakZmtp(victim.address, random, key, zmtpMs), victim.endedEarly]);
  const tokens = key ? [key.workerToken, null] : [null];
  const groups = tokens.map((token) => new Peers(victim.address, random, token, !key || token !== null));
  for (const peers of groups) {
    const share = Math.floor(frames / groups.length);
    const crowd = Math.floor(share / 80);
    const thrown = Promise.all([peers.throwFrames(share - crowd), peers.crowd(crowd), peers.throwGiants(3)]);
    await Promise.race([thrown, victim.endedEarly]);
    await quiet(victim);
    peers.close();
  }
  const { refusals } = await victim.status();
  const after = memory.at(-1)!;
  const lastedS = (performance.now() - startedMs) / 1_000;
  await watch.stop();
  const { result, requestsSeen, linesSaid } = await victim.stop();
  const worker = result.workers.find(({ id }) => id === 'honest');
  const found = {
    thrown: sumOf([broken, ...groups.map(({ thrown }) => thrown)]),
    refusals,
    memory: { before, peak: Math.max(...memory), after },
    longestAnswerMs: Math.max(...answers),
    longestHeartbeatGapMs: worker?.longestHeartbeatGapMs ?? Infinity,
    requestsReported: result.totals.requests,
    requestsSeen,
    linesSaid,
    lastedS,
    interruptions: notesOf(result, 'port-interrupted'),
    defects: notesOf(result, 'internal'),
  };
  return { ...found, broken: brokenBy(found) };
}

/** Runs peers of every kind that violate ZMTP. @returns how often each kind ran */
async function breakZmtp(
  address: string,
  random: Random,
  key: MasterKey | null,
  lastingMs: number,
): Promise<Thrown> {
  if (lastingMs === 0) return {};
  const untilMs = performance.now() + lastingMs;
  const [talks, torn] = await Promise.all([
    talkBadly(address, random, untilMs),
    tearLinks(address, random, key?.workerToken ?? null, untilMs),
  ]);
  return { ...talks, 'connections torn': torn };
}

function notesOf({ notes }: RunResult, wanted: NoteCode): string[] {
  return notes.flatMap(({ code, message }) => (code === wanted ? [message] : []));
}

/** Waits until the master has handled all frames. */
async function quiet(victim: Victim): Promise<void> {
  for (let last = '', same = 0; same < QUIET_LOOKS; await pause(1_000)) {
    const now = JSON.stringify((await victim.status()).refusals);
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

function sumOf(parts: readonly Thrown[]): Thrown {
  const sum: Thrown = {};
  for (const part of parts) {
    for (const [kind, count] of Object.entries(part)) sum[kind] = (sum[kind] ?? 0) + count;
  }
  return sum;
}

function brokenBy(found: Omit<AttackOutcome, 'broken'>): string[] {
  const {
    memory,
    longestAnswerMs,
    longestHeartbeatGapMs,
    requestsReported,
    requestsSeen,
    linesSaid,
    lastedS,
    interruptions,
    defects,
  } = found;
  const promises: [boolean, string][] = [
    [memory.peak - memory.before <= MAX_GROWTH_BYTES, 'the memory of the master grew beyond its bound'],
    [longestAnswerMs <= MAX_ANSWER_MS, 'the control loop was blocked for too long'],
    [longestHeartbeatGapMs <= MAX_HEARTBEAT_GAP_MS, 'heartbeats of the worker were late'],
    [requestsReported === requestsSeen, 'the report differs from the target’s count'],
    [requestsSeen > 0, 'there was no load'],
    [interruptions.length === 0, `the link process ended: ${interruptions.join(' ')}`],
    [defects.length === 0, `the master reported a bug: ${defects.join(' ')}`],
    [linesSaid <= MAX_LINES_PER_S * lastedS, 'the log grew with the attack'],
  ];
  return promises.filter(([kept]) => !kept).map(([, what]) => what);
}
