import type { MapAnswer, MapOp } from '@drumline/model';
import { requireShared } from '../../runtime/shared.js';
import { accepted, jsonOf, requireKey, requireName } from './shared-text.js';

/** Values by key that all users share. Values are plain data. */
export interface SharedMap<K extends string, T> {
  /** The name of the map. */
  readonly name: string;
  /** The value of a key; `undefined` if there is none. */
  get(key: K): Promise<T | undefined>;
  /**
   * Sets the value of a key.
   *
   * @throws TypeError if the value is not plain data
   * @throws RangeError if the value or the map is too large
   */
  set(key: K, value: T): Promise<void>;
  /**
   * Sets the value of a key that has none.
   *
   * @returns whether it was set. Of many calls for the same key, one returns `true`
   * @throws TypeError if the value is not plain data
   * @throws RangeError if the value or the map is too large
   */
  add(key: K, value: T): Promise<boolean>;
  /**
   * The value of a key, which is set first if there is none.
   *
   * @throws TypeError if the value is not plain data
   * @throws RangeError if the value or the map is too large
   */
  getOrSet(key: K, value: T): Promise<T>;
  /**
   * Changes the value of a key, as one step: `change` is called again if another user has changed
   * the value meanwhile.
   *
   * @returns the new value
   * @throws TypeError if the value is not plain data
   * @throws RangeError if the value or the map is too large
   */
  update(key: K, change: (value: T | undefined) => T | Promise<T>): Promise<T>;
  /**
   * Removes a key.
   *
   * @returns whether it had a value. Of many calls for the same key, one returns `true`
   */
  delete(key: K): Promise<boolean>;
  /** The number of keys. */
  size(): Promise<number>;
}

/** See `shared.map`. */
export function sharedMap<K extends string, T>(name: string): SharedMap<K, T> {
  requireName('map', name);
  const ask = async (key: unknown, op: Pick<MapOp, 'do' | 'json' | 'expected'>) => {
    requireKey(name, key);
    const whole = { kind: 'map' as const, name, key: key as string, ...op };
    return accepted('map', name, await requireShared().ask<MapAnswer>(whole));
  };
  const read = (json: string): T => JSON.parse(json) as T;
  const write = (value: unknown): string => jsonOf('map', name, value);
  return {
    name,
    get: async (key) => {
      const { json } = await ask(key, { do: 'get' });
      return json === undefined ? undefined : read(json);
    },
    set: async (key, value) => void (await ask(key, { do: 'set', json: write(value) })),
    add: async (key, value) => (await ask(key, { do: 'add', json: write(value) })).isChanged,
    getOrSet: async (key, value) => {
      const own = write(value);
      return read((await ask(key, { do: 'add', json: own })).json ?? own);
    },
    update: async (key, change) => {
      let { json: present } = await ask(key, { do: 'get' });
      for (;;) {
        const json = write(await change(present === undefined ? undefined : read(present)));
        const answer = await ask(key, { do: 'replace', json, expected: present ?? null });
        if (answer.isChanged) return read(json);
        present = answer.json;
      }
    },
    delete: async (key) => (await ask(key, { do: 'delete' })).isChanged,
    size: async () => (await ask('', { do: 'size' })).size,
  };
}
