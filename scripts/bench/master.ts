// What one master costs with simulated workers over real sockets, beside Locust's master.
// npm run bench:master -- --help
import { cleanUpAtExit, endAll } from './harness/launch.js';
import { describeMachine } from './harness/machine.js';
import { drumlineKind } from './master/drumline-master.js';
import { verdictOn } from './master/exactness.js';
import { LOCUST_HINT, locustKind } from './master/locust-master.js';
import { MasterProfile } from './master/master-profile.js';
import { measure, type Figures } from './master/measure.js';
import { readOptions, USAGE, type Options } from './master/options.js';
import type { MasterKind } from './master/running-master.js';
import { tableOf } from './master/table.js';

cleanUpAtExit();
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await main(options);
  await endAll();
} catch (error) {
  console.error(`bench:master: ${(error as Error).message}`);
  process.exit(1);
}

async function main(options: Options): Promise<void> {
  if (process.platform !== 'linux') throw new Error('it reads /proc, so it needs Linux');
  const { workers, series, buckets, seconds, joinsRunning, stores, profiles } = options;
  const profile = profiles ? new MasterProfile() : undefined;
  const say = (line: string): void => console.error(line);
  const measured: Figures[] = [];
  let isComplete = true;
  for (const kind of kinds(options, profile)) {
    try {
      measured.push(await measure(kind, { workers, series, buckets }, { seconds, joinsRunning, say }));
    } catch (error) {
      // A master that fails must not cost the figures of the other.
      isComplete = false;
      say(`${kind.name} failed: ${(error as Error).message}`);
    }
  }
  if (measured.length === 0) return void (process.exitCode = 1);
  console.log(describeMachine());
  console.log(
    `${workers} workers × ${series} series × ${buckets} buckets for ${seconds} s, ${stores ? 'with' : 'without'} the run store\n`,
  );
  console.log(tableOf(measured));
  if (profile) console.log(`\n${profile.describe()}`);
  if (!isComplete || !measured.every((figures) => verdictOn(figures).isExact)) process.exitCode = 1;
}

function kinds(options: Options, profile?: MasterProfile): MasterKind[] {
  const { only, stores, joinsRunning, locust, quantilesEvery } = options;
  const peer = only === 'drumline' ? undefined : locustKind(locust, joinsRunning);
  if (only !== 'drumline' && peer === undefined) {
    const problem = `no Locust${locust === undefined ? '' : ` at ${locust}`}. Install it: ${LOCUST_HINT}`;
    if (only === 'locust' || locust !== undefined) throw new Error(problem);
    console.error(`Locust is left out: there is ${problem}`);
  }
  const ours = only === 'locust' ? [] : [drumlineKind({ stores, joinsRunning, profile, quantilesEvery })];
  return [...ours, ...(peer ? [peer] : [])];
}
