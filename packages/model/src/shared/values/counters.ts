import type { ClientId, SharedHandler, SharedHost } from '../shared-handler.js';
import { MAX_SHARED_NAMES, type CounterAnswer, type CounterOp } from './value-ops.js';

/** Numbers that lanes add to. */
export class Counters implements SharedHandler<CounterOp, CounterAnswer> {
  private readonly values = new Map<string, number>();

  /** All counters with their values. */
  get all(): ReadonlyMap<string, number> {
    return this.values;
  }

  apply({ name, add }: CounterOp, _client: ClientId, host: SharedHost): CounterAnswer {
    const known = this.values.get(name);
    if (known === undefined && this.values.size >= MAX_SHARED_NAMES) return { refused: 'names' };
    const value = (known ?? 0) + add;
    // Beyond it, adding 1 changes nothing.
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return { refused: 'number' };
    if (value !== known) host.keep(name, value);
    this.values.set(name, value);
    return { value };
  }

  restore(name: string, value: unknown): void {
    this.values.set(name, value as number);
  }
}
