/** The load of simulated workers on a master. */
export interface WorkerLoad {
  readonly workers: number;
  /** Entries of each report, one for each series. */
  readonly series: number;
  /** Used buckets of each entry's histogram. */
  readonly buckets: number;
}

/** What simulated workers have sent and received. Counts are since their start. */
export interface WorkerCounts {
  /** Workers that run their share of the test. */
  readonly running: number;
  /** Reports sent for the first time. */
  readonly reports: number;
  /** Entries of these reports. */
  readonly entries: number;
  readonly requests: number;
  /** Entries and requests of acknowledged reports. Equal to those sent without acknowledgements. */
  readonly ackedEntries: number;
  readonly ackedRequests: number;
  /** Reports sent again because their acknowledgement was late. */
  readonly repeats: number;
  readonly assignments: number;
  /** How often a worker received nothing for three seconds. */
  readonly silences: number;
  /** From heartbeats to their replies since the counts were last read, milliseconds. */
  readonly roundTripsMs: readonly number[];
  /** How late the timer of a process was since then, each time, milliseconds. */
  readonly lateMs: readonly number[];
}

/** The same counts while they grow. */
export type Tally = { -readonly [K in keyof WorkerCounts]: WorkerCounts[K] } & {
  roundTripsMs: number[];
  lateMs: number[];
};

export function noCounts(): Tally {
  return {
    running: 0,
    reports: 0,
    entries: 0,
    requests: 0,
    ackedEntries: 0,
    ackedRequests: 0,
    repeats: 0,
    assignments: 0,
    silences: 0,
    roundTripsMs: [],
    lateMs: [],
  };
}

export function sumOf(parts: readonly WorkerCounts[]): WorkerCounts {
  const sum = noCounts();
  for (const part of parts) {
    for (const key of Object.keys(sum) as (keyof WorkerCounts)[])
      if (key !== 'roundTripsMs' && key !== 'lateMs') sum[key] += part[key];
    for (const ms of part.roundTripsMs) sum.roundTripsMs.push(ms);
    for (const ms of part.lateMs) sum.lateMs.push(ms);
  }
  return sum;
}

/** Which master's protocol the workers speak. */
export type Protocol = 'drumline' | 'locust';

/** Describes the workers of a process. */
export interface WorkersOrder extends WorkerLoad {
  readonly protocol: Protocol;
  readonly address: string;
  /** Number of the first worker. */
  readonly from: number;
}

/** Sent to a process of simulated workers. */
export type WorkersCommand =
  | { readonly type: 'join' }
  /** Answered with `WorkerCounts`. */
  | { readonly type: 'count' }
  /** End the load. Sent reports are repeated until they are acknowledged; heartbeats continue. */
  | { readonly type: 'finish' };
