import { readFileSync } from 'node:fs';
import type { KubernetesValues } from '@drumline/kubernetes';
import { DrumlineError, messageOf } from '@drumline/model';
import { textOfBytes } from '@drumline/scenario/text-file';
import { wholeNumber } from './values.js';

const group = 'Kubernetes:';
const asList = (given: unknown): string[] => [given].flat().map(String);

/** Options of every command that makes resources for Kubernetes. */
export const kubernetesOptions = {
  name: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Name of the run; several runs with different names share a namespace',
    defaultDescription: 'drumline',
  },
  namespace: { type: 'string', alias: 'n', requiresArg: true, group, describe: 'Namespace of all resources' },
  image: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Image of master and workers: REGISTRY/NAME:TAG or REGISTRY/NAME@sha256:DIGEST',
  },
  workers: wholeNumber('workers', 0, { group, describe: 'Number of workers', defaultDescription: '3' }),
  values: {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe: 'JSON or YAML file with values, as `drumline k8s values` lists them; later ones override it',
    read: asList,
  },
  set: {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe: 'PATH=VALUE for one value: --set workers.cpu=4; lists and maps as JSON',
    read: asList,
  },
  'set-file': {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe: 'PATH=FILE sets a value to the text of a file; a dot in a name is written \\.',
    read: asList,
  },
} as const;

interface GivenValues {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly image?: string | undefined;
  readonly workers?: number | undefined;
  readonly values?: readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly setFile?: readonly string[] | undefined;
}

/**
 * The values that the options give: files first, then --set and --set-file, then single options.
 * @param fixed values that the command itself decides
 * @throws DrumlineError `usage` with every problem
 */
export async function readKubernetesValues(
  args: GivenValues,
  fixed: Readonly<Record<string, unknown>> = {},
): Promise<KubernetesValues> {
  const { assign, mergeValues, parseValues } = await import('@drumline/kubernetes');
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const path of args.values ?? []) mergeValues(values, await readValuesFile(path));
  const each = (
    option: string,
    texts: readonly string[] = [],
    take: (path: string, text: string) => void,
  ) => {
    for (const written of texts) {
      const [, path, text] = /^([^=]+)=([^]*)$/.exec(written) ?? [];
      if (path === undefined || text === undefined)
        problems.push(`${option}: '${written}' is not PATH=VALUE`);
      else take(path, text);
    }
  };
  each('--set', args.set, (path, text) => assign(values, path, text));
  each('--set-file', args.setFile, (path, file) => assign(values, path, readText('--set-file', file)));
  if (problems.length > 0)
    throw new DrumlineError('usage', problems.join('\n'), 'Write --set workers.cpu=4.');
  const { name, namespace, image, workers } = args;
  mergeValues(values, {
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(image !== undefined && { image: imageParts(image) }),
    ...(workers !== undefined && { workers: { count: workers } }),
    ...fixed,
  });
  return parseValues(values);
}

/** The repository, tag and digest of an image. A digest makes the tag superfluous. */
function imageParts(image: string): { repository: string; tag: string; digest: string } {
  const [, name = image, digest = ''] = /^([^@]*)@(.*)$/.exec(image) ?? [];
  const [, repository = name, tag = ''] = /^(.*):([^:/]*)$/.exec(name) ?? [];
  return { repository, tag: digest === '' ? tag : '', digest };
}

async function readValuesFile(path: string): Promise<Record<string, unknown>> {
  const text = readText('--values', path);
  let content: unknown;
  try {
    const { parseYaml } = await import('@drumline/scenario/yaml-text');
    content = parseYaml(text) ?? {};
  } catch (error) {
    throw new DrumlineError('usage', `--values: ${path} cannot be read: ${messageOf(error)}`);
  }
  if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
  throw new DrumlineError('usage', `--values: ${path} must contain one map of values`);
}

function readText(option: string, path: string): string {
  try {
    return textOfBytes(readFileSync(path));
  } catch (error) {
    throw new DrumlineError('usage', `${option}: ${path} cannot be read: ${messageOf(error)}`);
  }
}
