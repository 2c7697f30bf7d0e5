import { performance } from 'node:perf_hooks';
import { parseDuration } from '@drumline/model';
import { createNativeGrpcEngine } from '../native/engine.js';
import { reflectSchema } from '../schema/reflection.js';
import type { ProtoSchema } from '../schema/schema.js';
import { MetadataLists } from './metadata.js';
import type { ServiceOptions } from './options.js';
import { engineOptions } from './settings.js';

/** Settings for reading the schema of a server. */
export type ReflectSettings = Pick<
  ServiceOptions,
  'tls' | 'metadata' | 'deadline' | 'connectTimeout' | 'authority'
>;

const DEFAULT_DEADLINE = '10s';

/**
 * Reads the schema of a server by reflection.
 * @param target `localhost:50051`, or a URL
 * @throws DrumlineError `scenario-invalid` if reflection fails or returns an incomplete
 * schema
 * @throws TypeError or RangeError if target or settings are invalid
 */
export async function reflectTarget(target: string, settings: ReflectSettings = {}): Promise<ProtoSchema> {
  const { metadata = {}, deadline = DEFAULT_DEADLINE } = settings;
  const options = engineOptions({ ...settings, target }, {});
  return await reflectSchema(() => createNativeGrpcEngine({ ...options, now: () => performance.now() }), {
    metadata: new MetadataLists(metadata).base,
    deadlineMs: parseDuration(deadline),
  });
}
