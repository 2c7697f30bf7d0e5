import type { Node } from '../tree/node.js';
import { disruptionBudget, master, podMonitor, results, scenario, service } from './master.js';
import { masterPolicy, workerPolicy } from './network-policy.js';
import { worker } from './worker.js';

/** Every resource, by the name of its file, in the order in which they are created. */
export const RESOURCES: Readonly<Record<string, readonly Node[]>> = {
  'network-policy': [masterPolicy, workerPolicy],
  results: [results],
  scenario: [scenario],
  service: [service],
  'disruption-budget': [disruptionBudget],
  master: [master],
  worker: [worker],
  'pod-monitor': [podMonitor],
};
