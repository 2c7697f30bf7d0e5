import { describe } from '@jest/globals';
import type { MakeEngine } from './grpc-engine/bench.js';
import { describeBrokenConnections } from './grpc-engine/broken-connections.js';
import { describeCalls } from './grpc-engine/calls.js';
import { describeConnections } from './grpc-engine/connections.js';
import { describeDeadlinesAndCancellation } from './grpc-engine/deadlines-and-cancellation.js';
import { describeLimits } from './grpc-engine/limits.js';
import { describeMetadata } from './grpc-engine/metadata.js';
import { describeStreams } from './grpc-engine/streams.js';
import { describeUnrulyServers } from './grpc-engine/unruly-servers.js';

/** Features that an engine may lack. */
export type Difference = 'overlooks faults';

/** The suite that every gRPC engine passes, against real servers on loopback. */
export function describeGrpcEngine(
  name: string,
  makeEngine: MakeEngine,
  differences: readonly Difference[] = [],
): void {
  const overlooks = differences.includes('overlooks faults');
  describe(name, () => {
    describeCalls(makeEngine);
    describeStreams(makeEngine);
    describeMetadata(makeEngine);
    describeDeadlinesAndCancellation(makeEngine);
    describeLimits(makeEngine);
    describeConnections(makeEngine);
    describeUnrulyServers(makeEngine, { overlooks });
    describeBrokenConnections(makeEngine, { overlooks });
  });
}
