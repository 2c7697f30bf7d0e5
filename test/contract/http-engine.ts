import { describe } from '@jest/globals';
import type { MakeEngine } from './http-engine/bench.js';
import { describeCancellation } from './http-engine/cancellation.js';
import { describeConnections } from './http-engine/connections.js';
import { describeCounts } from './http-engine/counts.js';
import { describeFailures } from './http-engine/failures.js';
import { describeRequests } from './http-engine/requests.js';
import { describeTls } from './http-engine/tls.js';

/** The suite that every HTTP engine passes, against real servers on loopback. */
export function describeHttpEngine(name: string, makeEngine: MakeEngine): void {
  describe(name, () => {
    describeRequests(makeEngine);
    describeConnections(makeEngine);
    describeCounts(makeEngine);
    describeFailures(makeEngine);
    describeCancellation(makeEngine);
    describeTls(makeEngine);
  });
}
