// Checks the JUnit file with xmllint against the schema of Jenkins (xunit-plugin, MIT license).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { renderJunit } from '@drumline/master/report';
import { sampleResult } from '../support/sample-result.js';

const schema = fileURLToPath(new URL('junit/junit-10.xsd', import.meta.url));
const isThere = spawnSync('xmllint', ['--version']).status === 0;

(isThere ? test : test.skip)(
  isThere ? 'the JUnit file matches the schema of Jenkins' : 'xmllint is missing',
  () => {
    for (const verdict of ['passed', 'failed'] as const) {
      const input = renderJunit(sampleResult({ verdict }));
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, '-'], {
        input,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, expect.stringContaining('- validates')]);
    }
  },
);
