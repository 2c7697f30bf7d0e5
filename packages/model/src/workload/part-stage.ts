import type { Millis } from '../units.js';
import { rateAt, stagesDurationMs } from './rate-profile.js';
import { partTimeMs, type Load, type LoadPart, type Workload } from './workload.js';

/** The current stage of a part. Stages without duration are not counted. */
export interface PartStage {
  readonly phase: string;
  /** Indexes into the user types of the plan. */
  readonly types: readonly number[];
  readonly kind: Workload['kind'];
  /** From 1. */
  readonly number: number;
  readonly stages: number;
  /** Users at its start; starts per second of a part with a rate; iterations of a fixed part. */
  readonly from: number;
  readonly to: number;
  readonly elapsedMs: Millis;
  /** `null` if it has no planned end. */
  readonly durationMs: Millis | null;
}

/** The current stage of each part that runs at a time of the run. */
export function stagesAt({ parts }: Load, runMs: Millis): PartStage[] {
  return parts.flatMap((part) => {
    const stage = stageOf(part.workload, partTimeMs(part, runMs));
    const { phase, types, workload } = part satisfies LoadPart;
    return stage === undefined ? [] : [{ phase, types, kind: workload.kind, ...stage }];
  });
}

type Stage = Omit<PartStage, 'phase' | 'types' | 'kind'>;

function stageOf(workload: Workload, partMs: Millis): Stage | undefined {
  if (workload.kind === 'users') {
    const { fromUsers, stages } = workload.profile;
    return stageAt(
      fromUsers,
      stages.map(({ durationMs, toUsers }) => ({ durationMs, to: toUsers })),
      partMs,
    );
  }
  if (workload.kind === 'fixed') {
    const { total, limitMs } = workload;
    return stageAt(total, [{ durationMs: limitMs, to: total }], partMs);
  }
  const { fromPerSecond, stages } = workload.rate;
  if (workload.order.kind === 'listed') {
    const rate = rateAt(workload.rate, partMs);
    return stageAt(rate, [{ durationMs: stagesDurationMs(stages), to: rate }], partMs);
  }
  return stageAt(
    fromPerSecond,
    stages.map(({ durationMs, toPerSecond }) => ({ durationMs, to: toPerSecond })),
    partMs,
  );
}

function stageAt(
  first: number,
  stages: readonly { readonly durationMs: Millis | null; readonly to: number }[],
  partMs: Millis,
): Stage | undefined {
  if (partMs < 0) return undefined;
  const lasting = stages.filter(({ durationMs }) => durationMs !== 0).length;
  let [from, startMs, number] = [first, 0, 0];
  for (const { durationMs, to } of stages) {
    if (durationMs !== 0) number += 1;
    if (durationMs === null || partMs < startMs + durationMs) {
      // An unlimited stage starts with a jump to its value.
      const fromHere = durationMs === null ? to : from;
      return { number, stages: lasting, from: fromHere, to, elapsedMs: partMs - startMs, durationMs };
    }
    startMs += durationMs;
    from = to;
  }
  return undefined;
}
