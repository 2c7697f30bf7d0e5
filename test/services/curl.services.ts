// Compares the requests of real curl with those of the scenario generated from the same command.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMANDS } from './curl/commands.js';
import { comparable } from './curl/comparable.js';
import { makeScenario } from './curl/player.js';
import { Recorder } from './curl/recorder.js';

/** The first version with all options of the commands. */
const OLDEST = [7, 87] as const;

const version = curlVersion();
const isUsable = version !== undefined && (version[0] > OLDEST[0] || version[1] >= OLDEST[1]);
const ENVIRONMENT = { TOKEN: 't0ken-of-shell', TENANT: 'acme', ITEM: '48213', PAGE: '2' };

const recorder = new Recorder();
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  await recorder.listen();
  folder = mkdtempSync(join(tmpdir(), 'drumline-curl-'));
  mkdirSync(join(folder, 'home'));
  writeFiles(folder);
  Object.assign(process.env, ENVIRONMENT);
});
afterAll(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true, force: true });
  await recorder.close();
});

describe.each(Object.entries(COMMANDS))('%s', (_, commands) => {
  const run = isUsable ? test : test.skip;
  run.each(commands)(isUsable ? '%s' : 'curl 7.87 or newer is missing: %s', async (command) => {
    const text = command
      .replaceAll(/HTTPWITH\(([^)]*)\)/g, `http://$1${recorder.authority}`)
      .replaceAll('URL', `http://${recorder.authority}`)
      .replaceAll('DIR', folder);
    await runInShell(text);
    const fromCurl = recorder.take().map(comparable);
    const made = await makeScenario(text, folder, ENVIRONMENT);
    await made.play();
    expect({ received: recorder.take().map(comparable) }).toEqual({ received: fromCurl });
    expect(fromCurl.length).toBeGreaterThan(0);
  });
});

(isUsable ? test : test.skip)('every option of this curl is known', async () => {
  const help = execFileSync('curl', ['--help', 'all']).toString();
  const options = [...help.matchAll(/--([\w.-]+)(?: (<[^>]+>))?/g)].map(([, name, value]) => ({
    name,
    value,
  }));
  const unknown: string[] = [];
  for (const { name, value } of options) {
    const words = [`--${name}`, ...(value === undefined ? [] : ['1'])].join(' ');
    const made = makeScenario(`curl ${words} http://x.example/`, folder, {});
    await made.catch((error: unknown) => {
      if (String(error).includes('curl has no option')) unknown.push(words);
    });
  }
  expect(options.length).toBeGreaterThan(200);
  expect(unknown).toEqual([]);
});

async function runInShell(text: string): Promise<void> {
  // Ignores the personal settings of the account that runs the tests.
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: join(folder, 'home'), ...ENVIRONMENT };
  await new Promise<void>((resolve) => {
    execFile('bash', ['--norc', '-c', text], { env, cwd: folder, timeout: 20_000 }, () => resolve());
  });
}

function curlVersion(): readonly [number, number] | undefined {
  try {
    const [, major, minor] = /curl (\d+)\.(\d+)/.exec(execFileSync('curl', ['--version']).toString()) ?? [];
    return major === undefined ? undefined : [Number(major), Number(minor)];
  } catch {
    return undefined;
  }
}

function writeFiles(place: string): void {
  const { authority } = recorder;
  const [host = ''] = authority.split(':');
  const files: Record<string, string | Buffer> = {
    'note.txt': 'a note & more',
    'with space.txt': 'spaced',
    'empty.txt': '',
    'fields.txt': 'a=1&b=2\n',
    'lines.txt': '{"a":1}\n{"a":2}\n',
    'order.json': '{\n  "sku": 7,\n  "price": 1.50\n}\n',
    'page.html': '<p>hi</p>',
    'image.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0x0a]),
    'headers.txt': 'X-From-File: yes\nX-Other: 2\n',
    'cookies.txt': [
      '# Netscape HTTP Cookie File',
      `${host}\tFALSE\t/\tFALSE\t0\troot\t1`,
      `${host}\tFALSE\t/sub\tFALSE\t4102444800\tsub\t2`,
      `#HttpOnly_${host}\tFALSE\t/\tFALSE\t0\thidden\t3`,
      `${host}\tFALSE\t/\tTRUE\t0\tsecure\t4`,
      `${host}\tFALSE\t/\tFALSE\t1\told\t5`,
      `other.example\tFALSE\t/\tFALSE\t0\tother\t6`,
      '',
    ].join('\n'),
    'curl.cfg': `# how to ask\nurl = "http://${authority}/from-config"\n-H "X-Config: a \\"b\\""\nrequest PUT\ndata: a=1\nsilent\n`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
}
