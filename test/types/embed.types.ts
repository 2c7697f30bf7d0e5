// The types of `drumline/embed`. This file must compile and need not run; each marked line must not
// compile.
import {
  RunError,
  startRun,
  type Detail,
  type RunHandle,
  type RunOptions,
  type Second,
} from 'drumline/embed';
import type { RunResult } from 'drumline/client';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

const options: RunOptions = { scenario: new URL('shop.ts', import.meta.url), users: 5, runTime: '2m' };
const run = await startRun({ ...options, stages: [{ over: '2m', to: '200/s' }], log: console.log });
is<Equal<typeof run, RunHandle>>();
// @ts-expect-error: the scenario is required
await startRun({ users: 5 });
// @ts-expect-error: a duration has a unit
await startRun({ scenario: 'shop.ts', runTime: '5' });
// @ts-expect-error: no such option
await startRun({ scenario: 'shop.ts', user: 5 });

for await (const second of run.seconds({ after: 5 })) {
  is<Equal<typeof second, Second>>();
  is<Equal<typeof second.p95Ms, number>>();
}
for await (const detail of run.details({ signal: AbortSignal.timeout(5) })) {
  is<Equal<typeof detail, Detail>>();
  is<Equal<(typeof detail.series)[number]['latencyMs']['p99'], number>>();
}
is<Equal<Awaited<typeof run.finished>, RunResult>>();
is<Equal<Awaited<ReturnType<typeof run.setUsers>>['state'], string>>();
const error: unknown = await run.stop();
if (error instanceof RunError) is<Equal<typeof error.problems, readonly string[]>>();
