import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from './commands/index.js';
import {
  findOtherFile,
  hintForOption,
  findOtherScript,
  looksLikeFile,
  translateCommand,
} from './other-tools.js';

const run = COMMANDS.find(({ usage }) => usage.startsWith('run '))!;

describe('options of other tools', () => {
  // The most common options of each tool.
  test.each([
    ['k6', 'vus duration i s rps max-vus summary-export paused http-debug verbose'],
    ['Locust', 'headless host locustfile f master worker master-host processes web-port only-summary list'],
    ['wrk, ab, hey and oha', 'c n z d q connections threads requests latency k R'],
    ['ghz', 'proto call total concurrency skip-tls'],
    ['Artillery and Gatling', 'output o overrides environment simulation'],
  ])('have a hint: %s', (_, names) => {
    for (const name of names.split(' '))
      expect([name, hintForOption(name)]).toEqual([name, expect.any(String)]);
  });

  test('are not options of Drumline, and their hints name options that exist', () => {
    const own = new Set(
      Object.entries(run.options).flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()]),
    );
    const known = COMMANDS.flatMap(({ options }) =>
      Object.entries(options).flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()]),
    );
    for (const name of 'abcdefghijklmnopqrstuvwxyz'.split('').concat([...own]))
      if (own.has(name)) expect([name, hintForOption(name)]).toEqual([name, undefined]);
    for (const name of [
      'vus',
      'duration',
      'host',
      'paused',
      'master',
      'processes',
      'web-port',
      'n',
      'R',
      'max-vus',
      'only-summary',
    ])
      for (const [, option = ''] of hintForOption(name)!.matchAll(/(?:^|[\s(])--?([a-zA-Z][\w-]*)/g))
        expect(known.concat('version', 'no-autostart')).toContain(option);
  });
});

test.each([
  [
    '-f x.ts --headless -u 10 -r 2 -t 10s --host http://a.example',
    'x.ts -u 10 -r 2 -t 10s -H http://a.example',
  ],
  ['run --vus 10 --duration 30s x.ts', 'x.ts -u 10 -t 30s'],
  ['run --vus=10 x.ts', 'x.ts -u 10'],
  ['x.ts -c 50 -z 10s', 'x.ts -u 50 -t 10s'],
  ['x.ts -n 100 -c 10', 'x.ts --iterations 100 -u 10'],
  ['run --vus 3 -i 100 --stage 5s:10 x.ts', 'x.ts -u 3 --iterations 100 --stage 5s:10'],
])('%s becomes run %s', (line, ours) => {
  expect(translateCommand(line.split(' '))).toBe(`drumline run ${ours}`);
});

test('a command with an option that has no counterpart is not translateCommand', () => {
  expect(translateCommand('run x.ts --vus 3 -q 100'.split(' '))).toBeUndefined();
});

test.each([
  ['locustfile.py', 'Python'],
  ['plan.jmx', 'JMeter'],
  ['Shop.scala', 'Gatling'],
  ['site.har', 'recording'],
  ['openapi.yaml', 'not a scenario'],
  ['https://shop.example', 'URL'],
])('%s is not a scenario, and the hint suggests a command', (name, what) => {
  expect(findOtherFile(name)!.what).toContain(what);
  expect(findOtherFile(name)!.hint).toMatch(/drumline new/);
});

test.each(['scenario.ts', 'a/b.mjs', 'shop.js'])('%s may be a scenario', (name) => {
  expect([findOtherFile(name), looksLikeFile(name)]).toEqual([undefined, true]);
});

test.each([
  [true, "import http from 'k6/http';"],
  [true, 'import { check } from "k6"'],
  [true, "const http = require('k6/http')"],
  [true, "import 'k6/experimental/redis'"],
  [false, "import { user } from 'drumline';"],
  [false, "import x from './k6/http';"],
  [false, "// Like k6's import http from k6"],
])('is a k6 script: %s, by %s', (isOne, text) => {
  expect(findOtherScript(text) !== undefined).toBe(isOne);
});
