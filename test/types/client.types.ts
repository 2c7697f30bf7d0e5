// The types of the control API's client. This file must compile and need not run; each marked line
// must not compile.
import { ApiError, connect, type RunEventView, type RunResult } from 'drumline/client';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

const master = connect({ url: 'http://127.0.0.1:8089' });
connect({ url: 'http://127.0.0.1:8089', token: process.env['TOKEN'] });
// @ts-expect-error: the URL is required
connect({ token: 'x' });

// A type that cannot be resolved would be `any`, which equals nothing else.
const run = master.run();
const { placedUsers, plannedMs } = await run.status();
is<Equal<typeof placedUsers, number>>();
is<Equal<typeof plannedMs, number | null>>();
const { points } = await run.timeline();
is<Equal<(typeof points)[number]['cutOffUsers'], number | undefined>>();
is<Equal<Awaited<ReturnType<typeof run.result>>, RunResult>>();
is<Equal<RunResult['verdict'], 'passed' | 'failed' | 'stopped-early' | 'nothing-measured'>>();
const { message } = await run.setUsers(5, { spawnRate: 1 });
is<Equal<typeof message, string>>();
// @ts-expect-error: an order without a number of users
await run.setUsers();

for await (const event of run.events({ signal: AbortSignal.timeout(1_000) })) {
  is<Equal<typeof event, RunEventView>>();
  if (event.type === 'end') is<Equal<typeof event.exitCode, number>>();
  // @ts-expect-error: only `end` has an exit code
  else console.log(event.exitCode);
}
is<Equal<ApiError['status'], number | undefined>>();
is<Equal<Extract<ApiError['code'], 'unreachable' | 'run-unknown'>, 'unreachable' | 'run-unknown'>>();
// @ts-expect-error: no such code
is<Equal<Extract<ApiError['code'], 'rejected'>, 'rejected'>>();
