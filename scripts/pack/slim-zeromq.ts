import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One of the prebuilt libraries, as the keys of ZeroMQ's `build/manifest.json` describe it. */
interface Build {
  readonly os: string;
  readonly arch: string;
  readonly libc: string;
  readonly abi: number;
}

interface Manifest {
  readonly version: string;
  readonly [field: string]: unknown;
}

/**
 * Copies ZeroMQ for Node and its loader, without what a user never needs: sources, a build tool of
 * 6 MB, and all prebuilt libraries of a platform but those that would be loaded. The libraries use
 * Node-API, so the newest one serves every version of Node; Linux on x64 keeps two, as they need
 * different versions of glibc.
 *
 * @param from a `node_modules` with ZeroMQ as it was installed
 * @param to a `node_modules` to copy it to
 * @returns the versions of the packages that were copied
 */
export function slimZeromq(from: string, to: string): Record<string, string> {
  const zeromq = join(from, 'zeromq');
  const target = join(to, 'zeromq');
  for (const entry of ['lib', 'LICENSE.txt', 'LICENSE_MPL-2.0.txt'])
    cpSync(join(zeromq, entry), join(target, entry), {
      recursive: true,
      filter: (path) => !/\.(?:map|ts)$/.test(path),
    });
  const builds = JSON.parse(readFileSync(join(zeromq, 'build/manifest.json'), 'utf8')) as Record<
    string,
    string
  >;
  const kept = newestOfEach(builds);
  for (const path of Object.values(kept)) {
    const file = path.replaceAll('\\', '/');
    mkdirSync(dirname(join(target, 'build', file)), { recursive: true });
    cpSync(join(zeromq, 'build', file), join(target, 'build', file));
  }
  writeJson(join(target, 'build/manifest.json'), kept);
  const { version, ...manifest } = readManifest(zeromq);
  writeJson(join(target, 'package.json'), {
    ...pick(manifest, ['name', 'description', 'license', 'main', 'repository', 'engines']),
    version,
    dependencies: { 'cmake-ts': readManifest(join(from, 'cmake-ts')).version },
  });
  return { zeromq: version, 'cmake-ts': copyLoader(join(from, 'cmake-ts'), join(to, 'cmake-ts')) };
}

/** Copies the part of the build tool that finds the library. @returns its version */
function copyLoader(from: string, to: string): string {
  const { version, ...manifest } = readManifest(from);
  mkdirSync(join(to, 'build'), { recursive: true });
  cpSync(join(from, 'build/loader.js'), join(to, 'build/loader.js'));
  writeJson(join(to, 'package.json'), {
    ...pick(manifest, ['name', 'description', 'license', 'repository']),
    version,
  });
  return version;
}

function newestOfEach(builds: Readonly<Record<string, string>>): Record<string, string> {
  const described = Object.entries(builds).map(([key, path]) => ({
    key,
    path,
    build: JSON.parse(key) as Build,
  }));
  const kept = described.filter(({ build }) => {
    const newer = described.filter(
      ({ build: other }) => isSamePlatform(other, build) && other.abi > build.abi,
    );
    const isSecondOnLinux = build.os === 'linux' && build.arch === 'x64' && build.libc === 'glibc';
    return newer.length <= (isSecondOnLinux ? 1 : 0);
  });
  return Object.fromEntries(kept.map(({ key, path }) => [key, path]));
}

function isSamePlatform(a: Build, b: Build): boolean {
  return a.os === b.os && a.arch === b.arch && a.libc === b.libc;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function pick(source: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, source[field]]));
}

function writeJson(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
