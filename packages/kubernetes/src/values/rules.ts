import { all, any, is, not, set, type Condition } from '../tree/node.js';

/** Combinations of values that cannot work. The Helm chart has the same rules. */
export const RULES: readonly { readonly when: Condition; readonly problem: string }[] = [
  {
    when: all(set('scenario.files'), set('scenario.configMap')),
    problem: 'scenario.files and scenario.configMap exclude each other',
  },
  {
    when: all(is('mode', 'service'), any(set('scenario.files'), set('scenario.configMap'))),
    problem: 'scenario: the master of mode service takes scenarios by `drumline submit`',
  },
  {
    when: all(is('mode', 'job'), not(set('workers.count'))),
    problem: 'workers.count: a run needs a worker; only a service can wait for some',
  },
  {
    when: all(set('target'), not(any(set('scenario.files'), set('scenario.configMap')))),
    problem: 'target: there is no `scenario`; give the target of a submission to `drumline submit`',
  },
  {
    when: all(set('ca.secret'), set('ca.configMap')),
    problem: 'ca.secret and ca.configMap exclude each other',
  },
  {
    when: all(set('podMonitor.enabled'), not(set('podMonitor.port'))),
    problem: 'podMonitor.port: needed by podMonitor.enabled',
  },
  {
    when: all(set('image.tag'), set('image.digest')),
    problem: 'image.tag and image.digest exclude each other',
  },
  {
    when: all(set('results.existingClaim'), not(set('results.persistent'))),
    problem: 'results.existingClaim: results.persistent is false',
  },
];
