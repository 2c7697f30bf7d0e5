import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

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
