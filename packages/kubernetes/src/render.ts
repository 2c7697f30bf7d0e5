import { RESOURCES } from './resources/all.js';
import { fullNameOf } from './resources/names.js';
import { evaluate, withoutComments, type Context } from './tree/evaluate.js';
import type { Node } from './tree/node.js';
import { yamlOf } from './tree/yaml.js';
import type { KubernetesValues } from './values/values.js';
import { readVersion } from './version.js';

/** A resource as the Kubernetes API takes it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The resources of an installation, in the order in which they are created. */
export function renderManifests(values: KubernetesValues): Resource[] {
  return Object.values(renderFiles(values, 'drumline')).flatMap((nodes) =>
    nodes.map((node) => withoutComments(node) as unknown as Resource),
  );
}

/** The same as YAML, with comments that explain it. */
export function renderYaml(values: KubernetesValues): string {
  return documents(Object.values(renderFiles(values, 'drumline')).flat());
}

/** Writes resources as YAML. */
export function toYaml(resources: readonly Resource[]): string {
  return documents(resources as unknown as readonly Node[]);
}

/**
 * The resources by file, without files that would be empty.
 * @param managedBy the label of what applies them
 */
export function renderFiles(
  values: KubernetesValues,
  managedBy: string,
): Readonly<Record<string, readonly Node[]>> {
  const context = contextOf(values, managedBy);
  const files = Object.entries(RESOURCES).map(([file, nodes]) => {
    const written = nodes.flatMap((node) => evaluate(node, context) ?? []);
    return [file, written] as const;
  });
  return Object.fromEntries(files.filter(([, nodes]) => nodes.length > 0));
}

export function documents(nodes: readonly Node[]): string {
  return nodes.map(yamlOf).join('---\n');
}

/** Names of the resources of an installation. */
export function namesOf({ name }: Pick<KubernetesValues, 'name'>) {
  const full = fullNameOf(name || DEFAULT_NAME);
  return { master: `${full}-master`, worker: `${full}-worker`, results: `${full}-results` } as const;
}

const DEFAULT_NAME = 'drumline';

function contextOf(values: KubernetesValues, managedBy: string): Context {
  const name = values.name || DEFAULT_NAME;
  return {
    values: values as unknown as Readonly<Record<string, unknown>>,
    builtins: {
      name,
      fullName: fullNameOf(name),
      namespace: values.namespace,
      version: readVersion(),
      managedBy,
      chart: undefined,
    },
  };
}
