// Plays random fault schedules and checks what must hold; see ARCHITECTURE.md.
// npm run simulate -- --schedules 5000      SEED=17 npm run simulate
import { parseArgs } from 'node:util';
import { simulate } from './simulate.js';
import { randomSchedule } from './random-schedule.js';
import { describeSchedule, type Schedule } from './schedule.js';
import { shrink } from './shrink.js';

const { values } = parseArgs({
  options: { schedules: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});
const { SEED } = process.env;
const first = Number(SEED ?? values.from);
const count = SEED === undefined ? Number(values.schedules) : 1;

const startedMs = performance.now();
const exits = new Map<string, number>();
let [failed, requests, lastedMs] = [0, 0, 0];
for (let seed = first; seed < first + count; seed += 1) {
  const schedule = randomSchedule(seed);
  const outcome = await simulate(schedule, SEED === undefined ? undefined : console.log);
  exits.set(outcome.exit, (exits.get(outcome.exit) ?? 0) + 1);
  requests += outcome.requests;
  lastedMs += outcome.lastedMs;
  if (outcome.violations.length === 0) continue;
  failed += 1;
  const smallest = await shrink(schedule);
  show(smallest, (await simulate(smallest)).violations);
}
const tookS = (performance.now() - startedMs) / 1_000;
console.log(
  `${count} schedules in ${tookS.toFixed(1)} s: ${Math.round(lastedMs / 60_000)} minutes of running, ${requests} requests; ${failed} failed`,
);
console.log([...exits].map(([exit, times]) => `${times} ended as ${exit}`).join(', '));
process.exitCode = failed > 0 ? 1 : 0;

function show(schedule: Schedule, violations: readonly string[]): void {
  console.log([...describeSchedule(schedule), ...violations.map((violation) => `✗ ${violation}`)].join('\n'));
}
