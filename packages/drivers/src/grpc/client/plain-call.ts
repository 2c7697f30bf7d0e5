import { performance } from 'node:perf_hooks';
import { parseDuration } from '@drumline/model';
import type { RawMetadata } from '../contract.js';
import { converse } from '../converse.js';
import { createNativeGrpcEngine } from '../native/engine.js';
import type { GrpcMethod, GrpcSchema } from '../schema-contract.js';
import { errorDetailsOf } from '../schema/error-details.js';
import { Ending } from './ending.js';
import { MetadataLists } from './metadata.js';
import type { ServiceOptions } from './options.js';
import { DEFAULT_DEADLINE, engineOptions } from './settings.js';
import type { GrpcEnding } from './types.js';

export interface PlainCall {
  readonly schema: GrpcSchema;
  readonly method: GrpcMethod;
  /** Sent one after the other. */
  readonly messages: readonly object[];
  readonly onMessage: (message: object) => void;
}

/**
 * Makes one call of any kind over its own connection: to inspect a server, not for load.
 * @throws TypeError if a message, the target, metadata or options are invalid
 * @throws Error if a reply cannot be decoded
 */
export async function callPlainly(
  { schema, method, messages, onMessage }: PlainCall,
  options: ServiceOptions,
): Promise<GrpcEnding> {
  const encoded = messages.map((message) => method.encode(message));
  const metadata = new MetadataLists(options.metadata ?? {}).base;
  const engine = createNativeGrpcEngine({ ...engineOptions(options, {}), now: () => performance.now() });
  try {
    let headers: RawMetadata = [];
    const replies: { error?: unknown } = {};
    const end = await converse(engine.openSession(), {
      path: method.path,
      messages: encoded,
      metadata,
      deadlineMs: parseDuration(options.deadline ?? DEFAULT_DEADLINE),
      onHeaders: (received) => (headers = received),
      onMessage: (bytes) => {
        try {
          onMessage(method.decode(bytes));
        } catch (error) {
          replies.error ??= error;
        }
      },
    });
    if (replies.error !== undefined) throw replies.error;
    return new Ending(end, headers, (trailers) => errorDetailsOf(trailers, schema));
  } finally {
    await engine.close();
  }
}
