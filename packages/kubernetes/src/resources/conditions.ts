import { all, any, is, not, set, type Condition } from '../tree/node.js';

export const inJobMode: Condition = is('mode', 'job');
export const inServiceMode: Condition = is('mode', 'service');
const hasScenario: Condition = any(set('scenario.files'), set('scenario.configMap'));
/** The master has a scenario from a ConfigMap. */
export const runsScenario: Condition = all(inJobMode, hasScenario);
/** The master executes one submission. */
export const takesSubmission: Condition = all(inJobMode, not(hasScenario));
export const hasAuthority: Condition = any(set('ca.secret'), set('ca.configMap'));
export const servesMetrics: Condition = all(set('podMonitor.enabled'), set('podMonitor.port'));
