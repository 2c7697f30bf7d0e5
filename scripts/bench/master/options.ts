import { parseArgs } from 'node:util';
import { MAX_WORKERS } from '@drumline/model';
import type { WorkerLoad } from './workers/load.js';

export interface Options extends WorkerLoad {
  /** Length of the measurement. */
  readonly seconds: number;
  readonly only: 'drumline' | 'locust' | undefined;
  readonly stores: boolean;
  /** Whether all but one worker join a running test. */
  readonly joinsRunning: boolean;
  readonly profiles: boolean;
  /** How often workers report the response times of each series. */
  readonly quantilesEvery: string;
  /** Path of Locust's program. */
  readonly locust: string | undefined;
}

export const USAGE = `npm run bench:master -- [OPTIONS]

What one master costs with simulated workers, beside Locust's master.

  --workers N       default 1000
  --series N        entries of each report; default 100
  --buckets N       used buckets of each entry's histogram; default 100
  --seconds S       length of the measurement after all workers have joined; default 30
  --only NAME       drumline or locust
  --no-store        Drumline without its run store
  --join-running    all workers but the first join a running test
  --quantiles-every S
                    auto, 1s, 2s, 5s or 10s, as the option of drumline master; default 1s
  --profile         the functions in which Drumline's master spends its time
  --locust PATH     Locust's program; default: locust in PATH`;

/** @throws Error describing the invalid option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      workers: { type: 'string', default: '1000' },
      series: { type: 'string', default: '100' },
      buckets: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '30' },
      only: { type: 'string' },
      'no-store': { type: 'boolean', default: false },
      'join-running': { type: 'boolean', default: false },
      'quantiles-every': { type: 'string', default: '1s' },
      profile: { type: 'boolean', default: false },
      locust: { type: 'string' },
    },
  });
  if (values.help === true) return 'help';
  const { only } = values;
  if (only !== undefined && only !== 'drumline' && only !== 'locust')
    throw new Error(`--only ${only}: it must be drumline or locust`);
  return {
    workers: countFrom('workers', values.workers, MAX_WORKERS),
    series: countFrom('series', values.series, 10_000),
    buckets: countFrom('buckets', values.buckets, MAX_BUCKETS),
    seconds: countFrom('seconds', values.seconds, 3_600),
    only,
    stores: !values['no-store'],
    joinsRunning: values['join-running'],
    profiles: values.profile,
    quantilesEvery: values['quantiles-every'],
    locust: values.locust,
  };
}

/** Locust has few different response times, see `timesOf`. */
const MAX_BUCKETS = 300;

function countFrom(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new Error(`--${name} ${text}: it must be a whole number from 1 to ${most}`);
}
