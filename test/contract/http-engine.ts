import type { EngineOptions, HttpEngine } from '@drumline/drivers';
import { describe } from '@jest/globals';
import { describeCancellation } from './http-engine/cancellation.js';
import { describeConnections } from './http-engine/connections.js';
import { describeCounts } from './http-engine/counts.js';
import { describeEvents } from './http-engine/events.js';
import { describeFailures } from './http-engine/failures.js';
import { describeNetwork } from './http-engine/network.js';
import { describeRequests } from './http-engine/requests.js';
import { describeResends } from './http-engine/resends.js';
import { describeTls } from './http-engine/tls.js';
import { describeUnrulyServers } from './http-engine/unruly-servers.js';
import { describeUploads } from './http-engine/uploads.js';
import { promised } from './support/promised.js';

/** Features that an engine may lack. */
export type Difference = 'HTTP/1.1 only' | 'TLS alerts are connection closes';

/** The suite that every HTTP engine passes, against real servers on loopback. */
export function describeHttpEngine(
  name: string,
  make: (options: EngineOptions) => HttpEngine,
  differences: readonly Difference[] = [],
): void {
  const makeEngine = (options: EngineOptions) => promised(make(options));
  describe(name, () => {
    describeRequests(makeEngine);
    describeConnections(makeEngine);
    describeResends(makeEngine);
    describeCounts(makeEngine);
    describeFailures(makeEngine);
    describeCancellation(makeEngine);
    describeEvents(makeEngine);
    describeUnrulyServers(makeEngine);
    describeUploads(makeEngine);
    describeNetwork(makeEngine);
    describeTls(makeEngine, differences);
  });
}
