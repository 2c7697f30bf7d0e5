import { describe } from '@jest/globals';
import type { MakeEngine } from './grpc-engine/bench.js';
import { describeCalls } from './grpc-engine/calls.js';

/** The suite that every gRPC engine passes, against real servers on loopback. */
export function describeGrpcEngine(name: string, makeEngine: MakeEngine): void {
  describe(name, () => {
    describeCalls(makeEngine);
  });
}
