// Clients that other tools generate from openapi.json and control.proto drive a run.
import { execFile, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { CONTROL_PROTO } from '../support/grpc-control.js';
import { needing, pathOf } from '../support/programs.js';
import { Service } from '../support/service.js';

const PROGRAMS = fileURLToPath(new URL('generated-clients/', import.meta.url));
/** The TypeScript of this project is too new for the generator. */
const TYPESCRIPT = ['openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', 'typescript@5.9.3'];
const COMPILER = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];

let directory: string;
let target: TestServer;
let service: Service;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drumline-clients-'));
  target = await serveHttp((_, response) => void response.end('{}'));
  service = await Service.start(['--grpc', '127.0.0.1:0']);
  await service.addWorkers('w1');
  const description = await fetch(`${service.client.url}/openapi.json`);
  await writeFile(join(directory, 'openapi.json'), await description.text());
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await target.close();
  await rm(directory, { recursive: true, force: true });
});

async function ran(program: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { cwd: directory })).stdout;
  } catch (error) {
    // Compilers print their errors to the output.
    throw new Error(`${program} ${args.join(' ')}: ${(error as { stdout: string }).stdout}`, {
      cause: error,
    });
  }
}

/**
 * Starts a run and lets a program drive it: three users, one refused order, stop, result.
 * @param command starts the program, which gets the id of the run
 */
async function drivesRun(command: (id: string) => Promise<string>): Promise<void> {
  const before = target.requests;
  const id = await service.submitted('steady', { url: target.origin }, ['-u', '2', '-t', '5m']);
  await service.until(id, ({ state }) => state === 'running');
  const printed = JSON.parse(await command(id)) as { requests: number; refused: string };
  expect(printed).toEqual({ requests: target.requests - before, refused: 'argument-invalid' });
  expect(printed.requests).toBeGreaterThan(0);
}

describe('a client of openapi-typescript', () => {
  test('compiles with strict types, refuses wrong ones, and drives a run', async () => {
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
    await ran('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...TYPESCRIPT);
    await ran('npx', 'openapi-typescript', 'openapi.json', '-o', 'api.d.ts');
    await copyFile(join(PROGRAMS, 'openapi.mts'), join(directory, 'openapi.mts'));
    await writeFile(join(directory, 'node.d.ts'), 'declare const process: { argv: string[] };\n');
    await ran('npx', 'tsc', ...COMPILER, 'openapi.mts', 'node.d.ts');
    await drivesRun((id) => ran(process.execPath, 'openapi.mjs', service.client.url, id));
  });
});

needing('openapi-python-client')('a client of openapi-python-client', () => {
  test('drives a run', async () => {
    const generated = [
      '--path',
      'openapi.json',
      '--output-path',
      'drumline_control_api_client',
      '--meta',
      'none',
    ];
    // It fails if a part of the document could not be generated.
    await ran('openapi-python-client', 'generate', ...generated, '--fail-on-warning');
    await copyFile(join(PROGRAMS, 'openapi.py'), join(directory, 'drive-openapi.py'));
    await drivesRun((id) => ran('python3', 'drive-openapi.py', service.client.url, id));
  });
});

const hasGrpcTools = spawnSync('python3', ['-c', 'import grpc_tools']).status === 0;

needing('grpcio-tools', hasGrpcTools ? pathOf('python3') : undefined)('a client of protoc for Python', () => {
  test('drives a run', async () => {
    await copyFile(CONTROL_PROTO, join(directory, 'control.proto'));
    const out = ['-I.', '--python_out=.', '--grpc_python_out=.', 'control.proto'];
    await ran('python3', '-m', 'grpc_tools.protoc', ...out);
    const [, address] = await service.master.prints(/gRPC API at (\S+)/);
    await copyFile(join(PROGRAMS, 'protoc.py'), join(directory, 'drive-protoc.py'));
    await drivesRun((id) => ran('python3', 'drive-protoc.py', address!, id));
  });
});
