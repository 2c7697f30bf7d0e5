import { optionKeys, parseDuration, requireKnownKeys, type Duration, type Millis } from '@drumline/model';

/** A stage in which the load changes linearly. */
export interface LoadRamp<Value = number> {
  /** Number of users, or rate, at the end of the stage. */
  readonly to: Value;
  /** Length of the stage. 0 changes the load at once. */
  readonly over: Duration;
}

/** Stages that approach a load in equal steps. */
export interface LoadSteps<Value = number> {
  /** Number of users, or rate, of the last step. */
  readonly to: Value;
  /** Number of steps, at least 1. */
  readonly times: number;
  /** Length of each step. */
  readonly each: Duration;
}

/** A short change, after which the load is as before. */
export interface LoadSpike<Value = number> {
  /** Number of users, or rate, of the spike. */
  readonly to: Value;
  /** Length of the spike. */
  readonly hold: Duration;
}

/**
 * A load as a chain of stages. Each method returns a new, longer load. `Value` is a number of users
 * or a rate.
 */
export interface StagedLoad<Value> {
  /**
   * Adds a stage that changes the load linearly.
   *
   * @example
   * ```ts
   * load: startWith(10).hold('1m').ramp({ to: 100, over: '5m' }).hold('10m')
   * ```
   * @throws RangeError if the duration or rate is invalid
   * @throws TypeError if an option is unknown
   */
  ramp(stage: LoadRamp<Value>): this;
  /**
   * Adds a stage that keeps the load. Default: until the run is stopped.
   *
   * @throws RangeError if the duration is invalid
   */
  hold(duration?: Duration): this;
  /**
   * Changes the load at once. Add a stage that holds it.
   *
   * @example
   * ```ts
   * load: arrivals('50/s').hold('5m').jump('200/s').hold('5m')
   * ```
   * @throws RangeError if the rate is invalid
   */
  jump(to: Value): this;
  /**
   * Adds equal steps up or down to a load, each of which is held.
   *
   * @example
   * ```ts
   * // 100, 200, 300, 400 and 500 users, one minute each
   * load: startWith(0).steps({ to: 500, times: 5, each: '1m' })
   * ```
   * @throws RangeError if the duration, the number of steps or the rate is invalid
   * @throws TypeError if an option is unknown
   */
  steps(stages: LoadSteps<Value>): this;
  /**
   * Changes the load at once, holds it, and changes it back.
   *
   * @example
   * ```ts
   * load: arrivals('50/s').hold('5m').spike({ to: '500/s', hold: '30s' }).hold('5m')
   * ```
   * @throws RangeError if the duration or rate is invalid
   * @throws TypeError if an option is unknown
   */
  spike(stage: LoadSpike<Value>): this;
  /**
   * Starts the load this long after the run, or after the phase before it.
   *
   * @example
   * ```ts
   * load: { shopper: arrivals('50/s').hold('10m'), admin: startWith(3).hold('5m').after('2m') }
   * ```
   * @throws RangeError if the duration is invalid
   */
  after(delay: Duration): this;
}

const RAMP_KEYS = optionKeys<LoadRamp>({ to: true, over: true });
const STEPS_KEYS = optionKeys<LoadSteps>({ to: true, times: true, each: true });
const SPIKE_KEYS = optionKeys<LoadSpike>({ to: true, hold: true });

/** A value over time: piecewise linear from `from`. */
export interface Curve {
  readonly from: number;
  readonly stages: readonly CurveStage[];
}

/** A stage in which the value changes linearly; `null` lasts until the run is stopped. */
interface CurveStage {
  readonly durationMs: Millis | null;
  readonly to: number;
}

/** The value at the end of a curve. */
function lastValue({ from, stages }: Curve): number {
  return stages.at(-1)?.to ?? from;
}

/**
 * The methods of a staged load.
 * @param read converts a user's value to a number
 * @param step rounds the value of a step
 * @param extend makes the load with more stages
 */
export function stageMethods<Value, L>(
  curve: Curve,
  read: (value: Value) => number,
  step: (value: number) => number,
  extend: (curve: Curve) => L,
): Record<'ramp' | 'hold' | 'jump' | 'steps' | 'spike', (...args: never[]) => L> {
  const now = lastValue(curve);
  const add = (...stages: CurveStage[]): L => extend({ ...curve, stages: [...curve.stages, ...stages] });
  return {
    ramp: (stage: LoadRamp<Value>) => {
      requireKnownKeys(stage, RAMP_KEYS, 'ramp');
      return add({ durationMs: parseDuration(stage.over), to: read(stage.to) });
    },
    hold: (duration?: Duration) =>
      add({ durationMs: duration === undefined ? null : parseDuration(duration), to: now }),
    jump: (to: Value) => add({ durationMs: 0, to: read(to) }),
    steps: (stages: LoadSteps<Value>) => {
      requireKnownKeys(stages, STEPS_KEYS, 'steps');
      const { times, each } = stages;
      if (!(Number.isSafeInteger(times) && times >= 1 && times <= MAX_STEPS))
        throw new RangeError(`steps: times is ${times}; use a whole number from 1 to ${MAX_STEPS}`);
      const [to, durationMs] = [read(stages.to), parseDuration(each)];
      return add(
        ...Array.from({ length: times }, (_, index) => {
          const value = index + 1 === times ? to : step(now + ((to - now) * (index + 1)) / times);
          return [
            { durationMs: 0, to: value },
            { durationMs, to: value },
          ];
        }).flat(),
      );
    },
    spike: (stage: LoadSpike<Value>) => {
      requireKnownKeys(stage, SPIKE_KEYS, 'spike');
      const to = read(stage.to);
      return add(
        { durationMs: 0, to },
        { durationMs: parseDuration(stage.hold), to },
        { durationMs: 0, to: now },
      );
    },
  };
}

const MAX_STEPS = 1_000;
