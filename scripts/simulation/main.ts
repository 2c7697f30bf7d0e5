// Plays random fault schedules and checks what must hold; see ARCHITECTURE.md.
// npm run simulate -- --schedules 5000      SEED=17 npm run simulate
import { parseArgs } from 'node:util';
import { simulate } from './simulate.js';
import { changedSchedule, openSchedule } from './open-schedule.js';
import { randomSchedule } from './random-schedule.js';
import { replayedSchedule } from './replayed-schedule.js';
import { sharedSchedule } from './shared-schedule.js';
import { describeSchedule, type Schedule } from './schedule.js';
import { shrink } from './shrink.js';
import type { Uncounted } from './invariants/uncounted.js';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    /** Plays loads with a rate or a fixed number of iterations. */
    open: { type: 'boolean', default: false },
    /** Plays them with changes of rates and more phases. */
    changed: { type: 'boolean', default: false },
    /** Plays loads that replay logs. */
    replayed: { type: 'boolean', default: false },
    /** Plays several runs side by side. */
    shared: { type: 'boolean', default: false },
  },
});
const { SEED } = process.env;
const first = Number(SEED ?? values.from);
const count = SEED === undefined ? Number(values.schedules) : 1;

const startedMs = performance.now();
const exits = new Map<string, number>();
const uncounted: Uncounted[] = [];
let [failed, requests, lastedMs] = [0, 0, 0];
for (let seed = first; seed < first + count; seed += 1) {
  const schedule = values.changed
    ? changedSchedule(seed)
    : values.open
      ? openSchedule(seed)
      : values.replayed
        ? replayedSchedule(seed)
        : values.shared
          ? sharedSchedule(seed)
          : randomSchedule(seed);
  const outcome = await simulate(schedule, SEED === undefined ? undefined : console.log);
  for (const exit of outcome.exits) exits.set(exit, (exits.get(exit) ?? 0) + 1);
  requests += outcome.requests;
  uncounted.push(...outcome.uncounted);
  lastedMs += outcome.lastedMs;
  if (outcome.violations.length === 0) continue;
  failed += 1;
  const smallest = await shrink(schedule);
  show(smallest, (await simulate(smallest)).violations);
}
const tookS = (performance.now() - startedMs) / 1_000;
console.log(
  `${count} schedules with ${[...exits.values()].reduce((sum, runs) => sum + runs, 0)} runs in ${tookS.toFixed(1)} s: ${Math.round(lastedMs / 60_000)} minutes of simulated time, ${requests} requests; ${failed} failed`,
);
console.log([...exits].map(([exit, times]) => `${times} ended as ${exit}`).join(', '));
console.log(describeUncounted(uncounted));
process.exitCode = failed > 0 ? 1 : 0;

function show(schedule: Schedule, violations: readonly string[]): void {
  console.log([...describeSchedule(schedule), ...violations.map((violation) => `✗ ${violation}`)].join('\n'));
}

/** Compares the bounds in the report with the true numbers. */
function describeUncounted(all: readonly Uncounted[]): string {
  const bounded = all.filter(({ atMost, rateKnown }) => atMost < Infinity && rateKnown);
  const ratios = bounded.map(({ missing, atMost }) => atMost / Math.max(1, missing)).sort((a, b) => a - b);
  const quantile = (part: number): string => (ratios[Math.floor(part * (ratios.length - 1))] ?? 0).toFixed(1);
  const sum = (of: (one: Uncounted) => number): number =>
    Math.round(bounded.reduce((to, one) => to + of(one), 0));
  return [
    `${all.length} workers have uncounted requests, ${all.length - bounded.length} of them without a bound from a rate, ${bounded.filter(({ missing, atMost }) => missing > atMost).length} with more than their bound:`,
    `${sum(({ missing }) => missing)} requests, likely ${sum(({ likely }) => likely)}, at most ${sum(({ atMost }) => atMost)};`,
    `ratio of the bound to the true number: median ${quantile(0.5)}, p90 ${quantile(0.9)}`,
  ].join(' ');
}
