import { readFileSync } from 'node:fs';
import { DrumlineError, messageOf, type GivenParameters } from '@drumline/model';
import { textOfBytes } from '@drumline/scenario/text-file';

const group = 'Scenario:';

/** Options for the parameters of a scenario, which `param()` declares. */
export const parameterOptions = {
  param: {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe: 'NAME=VALUE for a parameter of the scenario; can be repeated. NAME alone means true',
    read: (value: unknown): string[] => [value].flat().map(String),
  },
  params: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'JSON or YAML file with the values of parameters by name; --param overrides it',
    read: String,
  },
} as const;

/**
 * Reads the parameters of the command line and of the file.
 * @throws DrumlineError `usage` with every problem
 */
export async function readParameters(args: {
  readonly param?: readonly string[] | undefined;
  readonly params?: string | undefined;
}): Promise<GivenParameters> {
  const problems: string[] = [];
  const fromFile = args.params === undefined ? {} : await readFile(args.params);
  const given = (args.param ?? []).flatMap((text) => {
    const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
    if (/^[A-Za-z_]\w*$/.test(name)) return [[name, { value: value ?? 'true', where: `--param ${name}` }]];
    problems.push(`--param: '${text}' is not NAME=VALUE; names have letters, digits and _`);
    return [];
  });
  if (problems.length > 0) throw new DrumlineError('usage', problems.join('\n'), 'Write --param items=5.');
  return { ...fromFile, ...(Object.fromEntries(given) as GivenParameters) };
}

async function readFile(path: string): Promise<GivenParameters> {
  let content: unknown;
  try {
    const text = textOfBytes(readFileSync(path));
    if (/\.ya?ml$/i.test(path)) {
      const { parseYaml } = await import('@drumline/scenario/yaml-text');
      content = parseYaml(text);
    } else content = JSON.parse(text);
  } catch (error) {
    throw new DrumlineError('usage', `--params: ${path} cannot be read: ${messageOf(error)}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new DrumlineError('usage', `--params: ${path} must contain one object`, 'Write { "items": 5 }.');
  }
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, { value, where: `${path}: ${name}` }]),
  );
}
