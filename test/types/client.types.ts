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
const { placedUsers, plannedMs } = await master.status();
is<Equal<typeof placedUsers, number>>();
is<Equal<typeof plannedMs, number | null>>();
const { points } = await master.timeline();
is<Equal<(typeof points)[number]['cutOffUsers'], number | undefined>>();
is<Equal<Awaited<ReturnType<typeof master.result>>, RunResult>>();
is<Equal<RunResult['verdict'], 'passed' | 'failed' | 'stopped-early' | 'nothing-measured'>>();
const { message } = await master.setUsers(5, { spawnRate: 1 });
is<Equal<typeof message, string>>();
// @ts-expect-error: an order without a number of users
await master.setUsers();

for await (const event of master.events({ signal: AbortSignal.timeout(1_000) })) {
  is<Equal<typeof event, RunEventView>>();
  if (event.type === 'end') is<Equal<typeof event.exitCode, number>>();
  // @ts-expect-error: only `end` has an exit code
  else console.log(event.exitCode);
}
is<Equal<ApiError['status'], number | undefined>>();
is<Equal<ApiError['code'], 'unreachable' | 'not-a-master' | 'rejected' | 'other-run'>>();
