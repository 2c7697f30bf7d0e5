/** Tests run as ES modules; what they import from other packages is the built output in `dist`. */
export default {
  testEnvironment: '<rootDir>/scripts/jest/environment.mjs',
  roots: ['<rootDir>/packages', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/(?!.*dist/).*)\\.js$': '$1' },
  globalSetup: '<rootDir>/scripts/jest/program.mjs',
  setupFiles: ['<rootDir>/scripts/jest/properties.mjs'],
  testSequencer: '<rootDir>/scripts/jest/sequencer.mjs',
  // For tests that hang. How busy the machine is must not decide, so it is long.
  testTimeout: 240_000,
  // Most suites wait for real processes, so five fit on two cores.
  maxWorkers: 5,
};
