import { requireRuntime } from '../runtime/runtime.js';

/** A custom metric that sums values, such as orders placed. */
export interface Counter {
  /** Name of the metric in reports. */
  readonly name: string;
  /** Adds `value` to the sum. Default 1. */
  add(value?: number): void;
}

/** A custom metric that keeps the last, smallest and largest value, such as a queue length. */
export interface Gauge {
  /** Name of the metric in reports. */
  readonly name: string;
  /** Sets the current value. */
  set(value: number): void;
}

/** A custom metric that counts how often a condition held, such as cache hits. */
export interface Rate {
  /** Name of the metric in reports. */
  readonly name: string;
  /** Counts one observation: `true` if the condition held. */
  add(hit: boolean): void;
}

/** A custom metric with quantiles, such as sizes of carts. */
export interface Trend {
  /** Name of the metric in reports. */
  readonly name: string;
  /**
   * Adds a value from 0 to 3,600,000. Negative values count as 0, larger ones as the maximum.
   * Values are stored with three decimal places and three significant digits.
   */
  add(value: number): void;
}

/**
 * Declares a custom counter, summed over all workers. Call it at the top level of the scenario.
 *
 * @example
 * ```ts
 * const orders = counter('orders placed');
 * // in a task:
 * orders.add();
 * ```
 */
export function counter(name: string): Counter {
  return { name, add: (value = 1) => requireRuntime().counter(name, value) };
}

/** Declares a custom gauge. Call it at the top level of the scenario. */
export function gauge(name: string): Gauge {
  return { name, set: (value) => requireRuntime().gauge(name, value) };
}

/** Declares a custom rate, over all workers. Call it at the top level of the scenario. */
export function rate(name: string): Rate {
  return { name, add: (hit) => requireRuntime().rate(name, hit) };
}

/**
 * Declares a custom trend, with quantiles over all workers. Call it at the top level of the
 * scenario.
 */
export function trend(name: string): Trend {
  return { name, add: (value) => requireRuntime().trend(name, value) };
}
