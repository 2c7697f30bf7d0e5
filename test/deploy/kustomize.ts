import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator?: readonly { name: string; behavior?: 'replace'; files: readonly string[] }[];
  readonly labels?: readonly { pairs: Record<string, string> }[];
  readonly patches?: readonly { path: string }[];
  readonly images?: readonly { name: string; newName: string; newTag: string }[];
}

type Tree = Record<string, unknown>;

/**
 * The manifests that `kubectl apply -k FOLDER` sends, for the part of Kustomize that this project
 * uses: resources, files as config maps (under their plain name), labels with templates, strategic
 * merge patches and images.
 */
export async function build(folder: string): Promise<Manifest[]> {
  const [kustomization] = (await readYaml(join(folder, 'kustomization.yaml'))) as [Kustomization];
  let manifests = (
    await Promise.all(kustomization.resources.map((path) => load(resolve(folder, path))))
  ).flat();
  for (const { name, files } of kustomization.configMapGenerator ?? []) {
    const replaced = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    const config = await configMap(folder, name, files, replaced?.metadata);
    manifests = [...manifests.filter((each) => each !== replaced), config];
  }
  for (const { pairs } of kustomization.labels ?? [])
    manifests = manifests.map((each) => labelled(each, pairs));
  for (const { path } of kustomization.patches ?? []) {
    for (const patch of (await readYaml(join(folder, path))) as Manifest[])
      manifests = patched(manifests, patch);
  }
  for (const image of kustomization.images ?? [])
    manifests = withImage(manifests, image.name, `${image.newName}:${image.newTag}`);
  return manifests;
}

async function readYaml(path: string): Promise<unknown[]> {
  return parseAllDocuments(await readFile(path, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors.join('\n')}`);
    return document.toJS() as unknown;
  });
}

/** The manifests of a file or of a directory with a kustomization. */
export async function load(path: string): Promise<Manifest[]> {
  return path.endsWith('.yaml') ? ((await readYaml(path)) as Manifest[]) : await build(path);
}

async function configMap(
  folder: string,
  name: string,
  files: readonly string[],
  metadata: Manifest['metadata'] = { name },
): Promise<Manifest> {
  const data: Record<string, string> = {};
  for (const entry of files) {
    const [key = entry, path = entry] = entry.split('=');
    data[key] = await readFile(join(folder, path), 'utf8');
  }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as Manifest;
}

function labelled(manifest: Manifest, pairs: Record<string, string>): Manifest {
  const withTemplate = manifest.kind === 'Job' ? { spec: { template: { metadata: { labels: pairs } } } } : {};
  return merge(manifest, { metadata: { labels: pairs }, ...withTemplate }) as Manifest;
}

function patched(manifests: Manifest[], patch: Manifest): Manifest[] {
  const hit = manifests.findIndex(
    ({ kind, metadata }) => kind === patch.kind && metadata.name === patch.metadata.name,
  );
  if (hit === -1) throw new Error(`no ${patch.kind} ${patch.metadata.name} to patch`);
  return manifests.with(hit, merge(manifests[hit], patch) as Manifest);
}

function merge(base: unknown, patch: unknown): unknown {
  if (isNamedList(base) && isNamedList(patch)) {
    const names = new Set([...patch, ...base].map(({ name }) => name));
    const named = (list: Tree[], wanted: unknown): Tree | undefined =>
      list.find(({ name }) => name === wanted);
    return [...names].map((name) => merge(named(base, name) ?? {}, named(patch, name) ?? {}));
  }
  if (!isTree(base) || !isTree(patch)) return patch;
  const keys = new Set([...Object.keys(base), ...Object.keys(patch)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in patch ? merge(base[key], patch[key]) : base[key]]),
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedList(value: unknown): value is Tree[] {
  return Array.isArray(value) && value.every((entry) => isTree(entry) && 'name' in entry);
}

function withImage<T>(value: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(value), (key, entry: unknown) =>
    key === 'image' && typeof entry === 'string' && entry.split(/[:@]/)[0] === from ? to : entry,
  ) as T;
}
