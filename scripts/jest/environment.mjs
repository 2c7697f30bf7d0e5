import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

// Programs that tests start inherit this environment. They must print the same text in a terminal,
// in a pipe and in a CI system.
for (const name of ['FORCE_COLOR', 'CI', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY']) delete process.env[name];
process.env.NO_COLOR = '1';

/**
 * Jest's Node environment with ordinary globals. In the original, every read of `Date`, `Math` or
 * `Buffer` calls an interceptor and takes a hundred times as long, too slow for tests that compute.
 */
export default class OrdinaryGlobals extends TestEnvironment {
  constructor(...args) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }
}
