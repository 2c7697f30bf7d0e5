// Broken, huge and hostile files. Each is read, or rejected at once by an error that names it. The
// texts of sources are tested in packages/codegen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import fc from 'fast-check';
import { run } from './commands/run.js';
import { readSettings } from './settings.js';
import { generateFrom } from './sources.js';

const folder = mkdtempSync(join(tmpdir(), 'drumline-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A valid file of each kind. */
const SOUND: Readonly<Record<string, unknown>> = {
  har: {
    log: {
      entries: [{ request: { method: 'GET', url: 'https://shop.example/a' }, response: { status: 200 } }],
    },
  },
  openapi: {
    openapi: '3.0.0',
    servers: [{ url: 'https://api.example/v1' }],
    paths: { '/pets': { get: { responses: { 200: { description: 'ok' } } } } },
  },
  config: { users: 10, 'run-time': '1m', tags: ['a'], html: false, target: 'https://a.example' },
  curl: `curl 'https://shop.example/login'`,
};
const KINDS = Object.keys(SOUND);

function textOf(kind: string): string {
  const sound = SOUND[kind];
  return typeof sound === 'string' ? sound : JSON.stringify(sound);
}

function importOptions() {
  return {
    folder,
    keepAssets: false,
    keepHosts: [],
    keepSecrets: false,
    language: 'ts' as const,
    types: false,
  };
}

/** Reads a file of a kind. Fails if anything other than a `DrumlineError` is thrown. */
async function read(kind: string, content: string | Uint8Array): Promise<DrumlineError | undefined> {
  const path = join(folder, `hostile.${kind}`);
  writeFileSync(path, content);
  try {
    if (kind === 'config') readSettings(run, [run], ['--config', path]);
    else if (kind === 'har') await generateFrom({ fromHar: path }, importOptions());
    else if (kind === 'curl') await generateFrom({ fromCurl: path }, importOptions());
    else await generateFrom({ fromOpenapi: path }, importOptions());
    return undefined;
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
    expect(error.message).toContain(`hostile.${kind}`);
    expect(error.message.length).toBeLessThan(20_000);
    expect(error.exit).toBe('usage');
    return error;
  } finally {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e308, '', '\0', '__proto__', 'constructor', [], {}, 'http://['),
  fc.jsonValue(),
);

describe('a file is read, or rejected with a message', () => {
  test('with a value of an unexpected type: config', async () => {
    const places = Object.keys(SOUND['config'] as object);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), odd, async (place, value) => {
        await read('config', JSON.stringify({ ...(SOUND['config'] as object), [place]: value }));
      }),
      { numRuns: 150 },
    );
  });

  test.each(KINDS)('with bytes changed, added or lost: %s', async (kind) => {
    const sound = Buffer.from(textOf(kind));
    const edit = fc.record({
      at: fc.nat(sound.length),
      take: fc.nat(20),
      put: fc.uint8Array({ maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, take, put }) => {
        await read(kind, Buffer.concat([sound.subarray(0, at), put, sound.subarray(at + take)]));
      }),
      { numRuns: 100 },
    );
  });
});

describe.each(KINDS)('%s', (kind) => {
  const sound = textOf(kind);

  test('with a byte order mark is read', async () => {
    expect(await read(kind, `\ufeff${sound}`)).toBeUndefined();
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['in UTF-16', Buffer.from(`\ufeff${sound}`, 'utf16le'), /it is UTF-16: save it as UTF-8/],
    ['that is an image', Buffer.from('89504e470d0a1a0a0000', 'hex'), /zero bytes/],
    ['in another encoding', Buffer.from(`${sound} \u00fc`, 'latin1'), /it is not UTF-8/],
    ['that is empty', '', /./],
  ])('%s is rejected with the reason', async (_, content, why) => {
    expect((await read(kind, content))!.message).toMatch(why);
  });

  test.each([
    ['with a million nested brackets', '['.repeat(1_000_000)],
    ['nested deeper than the stack allows', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['with a megabyte of one letter', 'x'.repeat(1_000_000)],
  ])('%s is rejected', async (_, content) => {
    expect(await read(kind, content)).toBeInstanceOf(DrumlineError);
  });

  test('with keys such as __proto__ changes no prototype', async () => {
    await read(
      kind,
      sound.replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'),
    );
  });
});
