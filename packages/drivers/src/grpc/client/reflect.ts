import { performance } from 'node:perf_hooks';
import { parseDuration } from '@drumline/model';
import { createNativeGrpcEngine } from '../native/engine.js';
import { reflectSchema } from '../schema/reflection.js';
import type { ProtoSchema } from '../schema/schema.js';
import { MetadataLists } from './metadata.js';
import type { ServiceOptions } from './options.js';
import { engineOptions } from './settings.js';

/** How a server is asked for its schema. */
export type ReflectSettings = Pick<
  ServiceOptions,
  'tls' | 'metadata' | 'deadline' | 'connectTimeout' | 'authority'
>;

const DEFAULT_DEADLINE = '10s';

/**
 * Asks a server for its schema.
 * @param target `localhost:50051`, or an URL
 * @throws DrumlineError `scenario-invalid` if it cannot be asked, or what it says is not whole
 * @throws TypeError or RangeError if target or settings cannot be used
 */
export async function reflectTarget(target: string, settings: ReflectSettings = {}): Promise<ProtoSchema> {
  const { metadata = {}, deadline = DEFAULT_DEADLINE } = settings;
  const options = engineOptions({ ...settings, target }, {});
  return await reflectSchema(() => createNativeGrpcEngine({ ...options, now: () => performance.now() }), {
    metadata: new MetadataLists(metadata).base,
    deadlineMs: parseDuration(deadline),
  });
}
