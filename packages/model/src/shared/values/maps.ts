import type { ClientId, SharedHandler, SharedHost } from '../shared-handler.js';
import type { Budget } from './budget.js';
import { MAX_SHARED_ENTRIES, MAX_SHARED_NAMES, type MapAnswer, type MapOp } from './value-ops.js';

/** Values by key. */
export class Maps implements SharedHandler<MapOp, MapAnswer> {
  private readonly maps = new Map<string, Map<string, string>>();

  constructor(private readonly budget: Budget) {}

  /** The number of values in each map. */
  get sizes(): ReadonlyMap<string, number> {
    return new Map([...this.maps].map(([name, { size }]) => [name, size]));
  }

  apply(op: MapOp, _client: ClientId, host: SharedHost): MapAnswer {
    const { name, key, json = 'null' } = op;
    const map = this.maps.get(name) ?? new Map<string, string>();
    if (!this.maps.has(name)) {
      if (this.maps.size >= MAX_SHARED_NAMES) return { refused: 'names' };
      this.maps.set(name, map);
    }
    const present = map.get(key);
    const isSet =
      op.do === 'set' ||
      (op.do === 'add' && present === undefined) ||
      (op.do === 'replace' && present === (op.expected ?? undefined));
    if (isSet) {
      if (present === undefined && map.size >= MAX_SHARED_ENTRIES) return { refused: 'entries' };
      const more = json.length - (present?.length ?? -key.length);
      if (!this.budget.has(more)) return { refused: 'characters' };
      map.set(key, json);
      this.budget.change(more);
      host.keep(keyOf(name, key), json);
      // The client knows the value.
      return { isChanged: true, size: map.size };
    }
    if (op.do === 'delete' && present !== undefined) {
      map.delete(key);
      this.budget.change(-present.length - key.length);
      host.keep(keyOf(name, key), undefined);
      return { isChanged: true, size: map.size };
    }
    return {
      ...(present !== undefined && op.do !== 'size' && { json: present }),
      isChanged: false,
      size: map.size,
    };
  }

  restore(entry: string, value: unknown): void {
    const [name, key] = JSON.parse(entry) as [string, string];
    const json = value as string;
    const map = this.maps.get(name) ?? new Map<string, string>();
    this.maps.set(name, map.set(key, json));
    this.budget.change(json.length + key.length);
  }
}

function keyOf(name: string, key: string): string {
  return JSON.stringify([name, key]);
}
