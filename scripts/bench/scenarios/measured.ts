// Shared by the benchmark scenarios: they accept any certificate and can profile a lane's CPU. On
// SIGUSR2 they report how many bytes of memory are live.
import { writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { scenario, type Scenario, type ScenarioSpec, type UserContext } from 'drumline';

/** The file for the lane's CPU profile. Unset for none. */
const PROFILE = process.env['DRUMLINE_BENCH_PROFILE'];
/** Milliseconds until the code is compiled. */
const WARM_UP_MS = 4_000;

/** The task of most benchmark scenarios. */
export async function statusChecked({ http, check }: UserContext<unknown>): Promise<void> {
  check(await http.get('/'), { 'status is 200': ({ status }) => status === 200 });
}

export function measured(spec: ScenarioSpec): Scenario {
  const inspector = new Session();
  return scenario({
    ...spec,
    http: { tls: { rejectUnauthorized: false }, ...spec.http },
    onWorker: {
      runStart: () => {
        process.on('SIGUSR2', weighLiving);
        if (PROFILE === undefined) return;
        inspector.connect();
        inspector.post('Profiler.enable');
        inspector.post('Profiler.setSamplingInterval', { interval: 500 });
        setTimeout(() => inspector.post('Profiler.start'), WARM_UP_MS);
      },
      runStop: () => {
        if (PROFILE === undefined) return;
        inspector.post('Profiler.stop', (error: Error | null, stopped?: { profile: Profiler.Profile }) => {
          if (error === null) writeFileSync(PROFILE, JSON.stringify(stopped!.profile));
        });
      },
    },
  });
}

/**
 * Live memory is what a collection leaves. Collect twice: the first frees what others referenced.
 */
function weighLiving(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  writeFileSync(process.env['DRUMLINE_BENCH_MEMORY']!, String(rss - heapTotal + heapUsed));
}
