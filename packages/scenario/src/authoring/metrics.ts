import { declareMetric, requireRuntime } from '../runtime/runtime.js';
import type { MetricOptions } from './metric-options.js';

/** A custom metric that sums values, such as orders placed. */
export interface Counter {
  /** Name of the metric in reports. */
  readonly name: string;
  /** Adds `value` to the sum. Default 1. */
  add(value?: number, options?: MetricOptions): void;
}

/** A custom metric that keeps the last, smallest and largest value, such as a queue length. */
export interface Gauge {
  /** Name of the metric in reports. */
  readonly name: string;
  /** Sets the current value. */
  set(value: number, options?: MetricOptions): void;
}

/** A custom metric that counts how often a condition held, such as cache hits. */
export interface Rate {
  /** Name of the metric in reports. */
  readonly name: string;
  /** Counts one observation: `true` if the condition held. */
  add(hit: boolean, options?: MetricOptions): void;
}

/** A custom metric with quantiles, such as sizes of carts. */
export interface Trend {
  /** Name of the metric in reports. */
  readonly name: string;
  /**
   * Adds a value from 0 to 3,600,000. Negative values count as 0, larger ones as the maximum.
   * Values are stored with three decimal places and three significant digits.
   */
  add(value: number, options?: MetricOptions): void;
}

/**
 * Declares a custom counter, summed over all workers. Call it at the top level of the scenario.
 *
 * @example
 * ```ts
 * const orders = counter('orders placed');
 * // in a task:
 * orders.add();
 * orders.add(1, { tags: { tier: 'gold' } });
 * ```
 */
export function counter(name: string): Counter {
  declareMetric();
  return { name, add: (value = 1, options) => requireRuntime().counter(name, value, options) };
}

/** Declares a custom gauge. Call it at the top level of the scenario. */
export function gauge(name: string): Gauge {
  declareMetric();
  return { name, set: (value, options) => requireRuntime().gauge(name, value, options) };
}

/** Declares a custom rate, over all workers. Call it at the top level of the scenario. */
export function rate(name: string): Rate {
  declareMetric();
  return { name, add: (hit, options) => requireRuntime().rate(name, hit, options) };
}

/**
 * Declares a custom trend, with quantiles over all workers. Call it at the top level of the
 * scenario.
 */
export function trend(name: string): Trend {
  declareMetric();
  return { name, add: (value, options) => requireRuntime().trend(name, value, options) };
}
