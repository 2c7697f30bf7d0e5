import { promised, type EngineOptions, type HttpEngine } from '@drumline/drivers';
import { describe } from '@jest/globals';
import { describeCancellation } from './http-engine/cancellation.js';
import { describeConnections } from './http-engine/connections.js';
import { describeCounts } from './http-engine/counts.js';
import { describeFailures } from './http-engine/failures.js';
import { describeRequests } from './http-engine/requests.js';
import { describeTls } from './http-engine/tls.js';

/** The suite that every HTTP engine passes, against real servers on loopback. */
export function describeHttpEngine(name: string, make: (options: EngineOptions) => HttpEngine): void {
  const makeEngine = (options: EngineOptions) => promised(make(options));
  describe(name, () => {
    describeRequests(makeEngine);
    describeConnections(makeEngine);
    describeCounts(makeEngine);
    describeFailures(makeEngine);
    describeCancellation(makeEngine);
    describeTls(makeEngine);
  });
}
