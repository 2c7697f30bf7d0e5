import { requireRuntime } from '../runtime/runtime.js';

/** Sums up: orders placed, bytes of your own. */
export interface Counter {
  readonly name: string;
  /** Default 1. */
  add(value?: number): void;
}

/** The last value, with minimum and maximum: a queue's length. */
export interface Gauge {
  readonly name: string;
  set(value: number): void;
}

/** How often something was so: cache hits. */
export interface Rate {
  readonly name: string;
  add(hit: boolean): void;
}

/** A distribution with quantiles: cart sizes, times of your own. */
export interface Trend {
  readonly name: string;
  /** At least 0; kept to three digits after the point and three significant ones. */
  add(value: number): void;
}

/** Declares a counter of your own, summed over the cluster. */
export function counter(name: string): Counter {
  return { name, add: (value = 1) => requireRuntime().counter(name, value) };
}

/** Declares a gauge of your own. */
export function gauge(name: string): Gauge {
  return { name, set: (value) => requireRuntime().gauge(name, value) };
}

/** Declares a rate of your own. */
export function rate(name: string): Rate {
  return { name, add: (hit) => requireRuntime().rate(name, hit) };
}

/** Declares a trend of your own, with quantiles over the cluster. */
export function trend(name: string): Trend {
  return { name, add: (value) => requireRuntime().trend(name, value) };
}
