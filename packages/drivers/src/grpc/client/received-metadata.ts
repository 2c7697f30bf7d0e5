import { inspect, type InspectOptions } from 'node:util';
import type { RawMetadata } from '../contract.js';
import type { ReceivedMetadata } from './types.js';

/** Received metadata, as a view of the engine's list. */
export class MetadataView implements ReceivedMetadata {
  constructor(private readonly raw: RawMetadata) {}

  get(name: string): string | undefined {
    return this.getAll(name)[0];
  }

  getAll(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return [...this].flatMap(([one, value]) => (one === wanted ? [value] : []));
  }

  bytes(name: string): Uint8Array | undefined {
    const text = this.get(name);
    return text === undefined ? undefined : Buffer.from(text, 'base64');
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    for (let i = 0; i < this.raw.length; i += 2) yield [this.raw[i]!, this.raw[i + 1]!];
  }

  /** For `JSON.stringify`: values by name, as a list if there are several. */
  toJSON(): Record<string, string | readonly string[]> {
    const names = [...new Set([...this].map(([name]) => name))];
    return Object.fromEntries(
      names.map((name) => {
        const values = this.getAll(name);
        return [name, values.length === 1 ? values[0]! : values];
      }),
    );
  }

  [inspect.custom](_: number, options: InspectOptions): string {
    return `Metadata ${inspect(this.toJSON(), options)}`;
  }
}
