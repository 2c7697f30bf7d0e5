import type { Schedule } from './schedule.js';
import { simulate } from './simulate.js';

const GOOD_NETWORK = { minDelayMs: 1, maxDelayMs: 1, dropped: 0, repeated: 0, reorders: false };

/**
 * Returns the smallest schedule found that still fails. First removes steps one by one, then
 * simplifies the rest.
 */
export async function shrink(failing: Schedule): Promise<Schedule> {
  let smallest = failing;
  for (let found = true; found;) {
    found = false;
    for (const candidate of simpler(smallest)) {
      if ((await simulate(candidate)).violations.length === 0) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

function* simpler(schedule: Schedule): Generator<Schedule> {
  const { laterRuns, besides = [], steps, network, workers, lanes, driftPpm, hasSetup } = schedule;
  if (laterRuns.length > 0) yield { ...schedule, laterRuns: laterRuns.slice(0, -1) };
  for (const [index, runs] of besides.entries()) {
    yield { ...schedule, besides: besides.filter((_, other) => other !== index) };
    if (runs.length > 1) yield { ...schedule, besides: besides.with(index, runs.slice(0, -1)) };
  }
  for (const step of steps) yield { ...schedule, steps: steps.filter((other) => other !== step) };
  for (const key of ['dropped', 'repeated'] as const)
    if (network[key] > 0) yield { ...schedule, network: { ...network, [key]: 0 } };
  if (network.reorders) yield { ...schedule, network: { ...network, reorders: false } };
  if (network.maxDelayMs > GOOD_NETWORK.maxDelayMs) yield { ...schedule, network: GOOD_NETWORK };
  if (driftPpm > 0) yield { ...schedule, driftPpm: 0 };
  if (hasSetup) yield { ...schedule, hasSetup: false };
  if (lanes > 1) yield { ...schedule, lanes: 1 };
  if (workers > 1) yield { ...schedule, workers: workers - 1 };
  for (const [index, step] of steps.entries()) {
    if (!('forMs' in step) || step.forMs < 200) continue;
    const shorter = { ...step, forMs: Math.round(step.forMs / 2) };
    yield { ...schedule, steps: steps.with(index, shorter) };
  }
}
