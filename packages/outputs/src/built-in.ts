import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { closest, messageOf } from '@drumline/model';
import type { OutputFactory, OutputHelp } from './output.js';
import { OutputProblem } from './spec.js';

/** The outputs of this package. Each is loaded only if a run uses it. */
const BUILT_IN: Readonly<Record<string, () => Promise<OutputFactory>>> = {
  csv: async () => (await import('./csv/index.js')).csv,
  hlog: async () => (await import('./hlog/index.js')).hlog,
  influxdb: async () => (await import('./influx/index.js')).influxdb,
  ndjson: async () => (await import('./ndjson/index.js')).ndjson,
  otlp: async () => (await import('./otlp/index.js')).otlp,
  prometheus: async () => (await import('./prometheus/index.js')).prometheus,
  'prometheus-remote-write': async () => (await import('./remote-write/index.js')).remoteWrite,
  statsd: async () => (await import('./statsd/index.js')).statsd,
  'tap-file': async () => (await import('./taps/file/index.js')).tapFile,
  'tap-shm': async () => (await import('./taps/shm/index.js')).tapShm,
  'tap-unix': async () => (await import('./taps/unix/index.js')).tapUnix,
  'tap-zmq': async () => (await import('./taps/zmq/index.js')).tapZmq,
};

interface OutputPackage extends OutputHelp {
  readonly packageName: string;
}

/** Outputs with dependencies that few need: packages that users install. */
const PACKAGES: Readonly<Record<string, OutputPackage>> = {
  postgres: {
    packageName: '@drumline/output-postgres',
    text: 'Write runs, seconds and series to PostgreSQL or TimescaleDB',
    example: 'postgres=postgres://USER:PASSWORD@HOST/DATABASE',
  },
  'tap-amqp': {
    packageName: '@drumline/output-amqp',
    text: 'Publish each second to RabbitMQ',
    example: 'tap-amqp=amqp://HOST',
  },
};

/** An output that `--out` can name. */
export interface ListedOutput extends OutputHelp {
  readonly name: string;
  /** The package to install; absent for outputs that need none. */
  readonly install?: string;
}

/** All outputs, with those of packages that are not installed. */
export async function listOutputs(): Promise<ListedOutput[]> {
  const listed: ListedOutput[] = [];
  for (const loadOne of Object.values(BUILT_IN)) {
    const { name, help } = await loadOne();
    listed.push({ name, ...help });
  }
  for (const [name, { packageName, text, example }] of Object.entries(PACKAGES)) {
    const found = await loadIfInstalled(packageName);
    listed.push(
      found ? { name, ...factoryOf(found, packageName).help } : { name, text, example, install: packageName },
    );
  }
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Finds an output by its name: in this package, else in `@drumline/output-NAME`, installed beside
 * this package or in the working directory.
 * @throws OutputProblem that says what to install, or what was meant
 */
export async function findOutput(name: string): Promise<OutputFactory> {
  if (Object.hasOwn(BUILT_IN, name)) return await BUILT_IN[name]!();
  const packageName = packageOf(name);
  return factoryOf(await loadPackage(name), packageName);
}

/**
 * Loads the package of an output, installed beside this package or in the working directory.
 * @throws OutputProblem that says what to install, or what was meant
 */
export async function loadPackage(name: string): Promise<object> {
  const packageName = packageOf(name);
  const found = await loadIfInstalled(packageName);
  if (found) return found;
  if (Object.hasOwn(PACKAGES, name))
    throw new OutputProblem([
      `the output ${name} is a package that is not installed: npm install ${packageName}`,
    ]);
  const names = [...Object.keys(BUILT_IN), ...Object.keys(PACKAGES)].sort();
  const meant = closest(name, names);
  const hint = meant === undefined ? `known outputs: ${names.join(', ')}` : `did you mean ${meant}?`;
  throw new OutputProblem([
    `there is no output '${name}' (${hint}), and the package ${packageName} is not installed`,
  ]);
}

function packageOf(name: string): string {
  return Object.hasOwn(PACKAGES, name) ? PACKAGES[name]!.packageName : `@drumline/output-${name}`;
}

/** @returns undefined if it is installed neither beside this one nor in the working directory */
async function loadIfInstalled(packageName: string): Promise<object | undefined> {
  return (await load(packageName, import.meta.url)) ?? (await load(packageName, workingDirectory()));
}

/** @returns undefined if the package is not installed there */
async function load(packageName: string, from: string): Promise<object | undefined> {
  let path: string;
  try {
    path = createRequire(from).resolve(packageName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw new OutputProblem([`the package ${packageName} cannot be loaded: ${messageOf(error)}`]);
  }
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    throw new OutputProblem([`the package ${packageName} cannot be loaded: ${messageOf(error)}`]);
  }
}

function factoryOf(module: object, packageName: string): OutputFactory {
  const factory = 'default' in module ? (module.default as Partial<OutputFactory> | undefined) : undefined;
  if (typeof factory?.create === 'function') return factory as OutputFactory;
  throw new OutputProblem([`the package ${packageName} has no output as its default export`]);
}

function workingDirectory(): string {
  return pathToFileURL(join(process.cwd(), 'package.json')).href;
}
