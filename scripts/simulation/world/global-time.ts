import { SimulatedTimer } from './process.js';
import type { World } from './world.js';

type Action = (...values: unknown[]) => void;

/**
 * Replaces timers, `performance.now()` and `Date.now()` for code that runs in processes of a world.
 * The code under test is unmodified production code. Other code keeps the real time.
 * @returns a function that restores the real time
 */
export function installTime(world: World): () => void {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis;
  const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const wallNow = Date.now;
  const steadyNow = performance.now.bind(performance);
  const wallAtStartMs = wallNow();
  const arming = (method: 'after' | 'every', otherwise: Action) =>
    ((action: Action, delayMs = 0, ...values: unknown[]) =>
      world.running
        ? world.running[method](delayMs, () => action(...values))
        : otherwise(action, delayMs, ...values)) as never;
  const cancelling = (otherwise: Action) =>
    ((timer: unknown) => (timer instanceof SimulatedTimer ? timer.cancel() : otherwise(timer))) as never;
  Object.assign(globalThis, {
    setTimeout: arming('after', setTimeout as Action),
    setInterval: arming('every', setInterval as Action),
    setImmediate: ((action: Action, ...values: unknown[]) =>
      world.running
        ? world.running.run(() => action(...values))
        : setImmediate(action, ...values)) as unknown as typeof setImmediate,
    clearTimeout: cancelling(clearTimeout as Action),
    clearInterval: cancelling(clearInterval as Action),
    clearImmediate: cancelling(clearImmediate as Action),
  });
  performance.now = () => world.running?.nowMs ?? steadyNow();
  Date.now = () => (world.running ? wallAtStartMs + world.nowMs : wallNow());
  return () => {
    Object.assign(globalThis, real);
    performance.now = steadyNow;
    Date.now = wallNow;
  };
}
