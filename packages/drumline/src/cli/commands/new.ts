import { basename, dirname, relative, resolve } from 'node:path';
import type { GeneratedScenario, Language } from '@drumline/codegen';
import { DrumlineError } from '@drumline/model';
import { defineCommand } from '../command.js';
import { targetUrl } from '../options/address.js';
import { stringList, optionError } from '../options/values.js';
import { ownDependency } from '../own-dependency.js';
import { generateFrom, loadCodegen } from '../sources.js';
import { writeNewFiles } from '../write-files.js';

const source = 'Import (one of --from-…; - reads standard input):';
const group = 'Output:';

const STARTER_NEXT = `  npm install
  npx drumline check    check types and plan, without load
  npm run server        start a test server, in another terminal
  npx drumline run      run the test; for your own system: --target https://…`;

export const newProject = defineCommand({
  usage: 'new [dir]',
  about: 'Create a project: an example, or a scenario from a HAR file, an OpenAPI document or curl',
  positionals: {
    dir: { type: 'string', default: '.', describe: 'Directory of the project; created if it does not exist' },
  },
  options: {
    'from-har': {
      type: 'string',
      requiresArg: true,
      group: source,
      describe: 'HAR file, recorded by a browser or a proxy',
    },
    'from-openapi': {
      type: 'string',
      requiresArg: true,
      group: source,
      describe: 'OpenAPI 3 or Swagger 2 document, JSON or YAML',
    },
    'from-curl': {
      type: 'string',
      requiresArg: true,
      group: source,
      describe: 'curl commands, such as those of “Copy as cURL”: a file, or the commands themselves',
    },
    target: targetUrl('target', {
      alias: 'H',
      group: source,
      describe: 'Base URL of all requests, instead of the hosts in the source',
    }),
    'keep-assets': {
      type: 'boolean',
      default: false,
      group: source,
      describe: 'Keep images, scripts, styles and fonts of a HAR file',
    },
    'keep-hosts': stringList({
      group: source,
      describe: 'Keep requests to these other hosts, even with --target',
    }),
    'keep-secrets': {
      type: 'boolean',
      default: false,
      group: source,
      describe: 'Write passwords and tokens into the scenario, instead of secrets.NAME',
    },
    output: {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Write only the scenario, to this file; - writes to stdout',
    },
    js: {
      type: 'boolean',
      default: false,
      group,
      describe: 'Write JavaScript with types in comments; -o FILE.js implies it',
    },
    force: { type: 'boolean', default: false, flagOnly: true, group, describe: 'Overwrite existing files' },
  },
  examples: [
    ['load-tests', 'Create an example in a new directory'],
    ['', 'Create it in the current directory'],
    ['load-tests --js', 'Create it in JavaScript'],
    ['load-tests --from-har shop.har', 'Generate a scenario from a browser recording'],
    ['load-tests --from-openapi openapi.yaml', 'Generate a task for each operation of an API'],
    [`-o login.ts --from-curl "curl https://shop.example/login -d user=demo"`, 'Write only the scenario'],
    ['-o - --from-curl -', 'Read commands from stdin, write the scenario to stdout'],
  ],
  run: async ({ dir, output, force, js, keepHosts = [], ...args }) => {
    const language = languageOf(output, js);
    const scenarioFile = `scenario.${language}`;
    const folder = output === undefined || output === '-' ? dir : dirname(output);
    const { hostNameOf, projectFiles } = await loadCodegen();
    const hosts = keepHosts.map((text) => hostNameOf(text) ?? throwNotHost(text));
    const options = { ...args, folder, keepHosts: hosts, language, types: true };
    const generated = await generateFrom(args, options);
    const dependency = ownDependency();
    const project = projectFiles({
      name: packageName(dir),
      drumline: dependency.range,
      language,
      given: generated,
    });
    if (output === '-') {
      process.stdout.write(project[scenarioFile]!);
      if (generated) explain(generated, (line) => console.error(line));
      return;
    }
    const files = output === undefined ? project : { [output]: project[scenarioFile]! };
    writeNewFiles(output === undefined ? dir : '.', files, { force });
    console.log(`Wrote ${Object.keys(files).join(', ')}.`);
    if (generated) explain(generated, (line) => console.log(line));
    const before = output === undefined && dependency.before ? `  ${dependency.before}\n` : '';
    console.log(`\nNext:\n${before}${nextSteps(output, dir, generated)}`);
  },
});

/** @throws DrumlineError `usage` if the file has a TypeScript extension and `--js` was given */
function languageOf(output: string | undefined, js: boolean): Language {
  const named = /\.([cm]?[jt]s)$/.exec(output ?? '')?.[1];
  if (js && named?.endsWith('ts') === true) {
    throw new DrumlineError(
      'usage',
      `--js writes JavaScript, but ${output} has the extension of TypeScript`,
      `Name it ${output?.replace(/ts$/, 'js')}, or remove --js.`,
    );
  }
  return js || named?.endsWith('js') === true ? 'js' : 'ts';
}

function explain({ about, secrets, environment }: GeneratedScenario, print: (line: string) => void): void {
  for (const sentence of about) print(sentence);
  if (environment.length > 0) print(`Set these environment variables: ${environment.join(', ')}.`);
  if (secrets.length > 0) print(`Secrets were not copied. Set these variables: ${secrets.join(', ')}.`);
}

function nextSteps(
  output: string | undefined,
  dir: string,
  generated: GeneratedScenario | undefined,
): string {
  const directory = output === undefined ? relative('.', dir) : '';
  const enter = directory === '' ? '' : `  cd ${directory}\n`;
  if (!generated) return enter + STARTER_NEXT;
  const scenario = output === undefined ? '' : ` ${output}`;
  const { secrets, environment } = generated;
  const variables = [...secrets, ...environment].map((name) => `${name}=… `).join('');
  // A project sets them in its config file.
  const flags =
    output === undefined
      ? ''
      : [...secrets.map((name) => ` --secret ${name}`), ...environment.map((name) => ` -e ${name}`)].join('');
  return [
    ...(output === undefined ? [`${enter}  npm install`] : []),
    `  ${variables}npx drumline check${scenario}${flags}`,
    `  ${variables}npx drumline run${scenario}${flags} -u 1 -t 30s    one user, as a first try`,
  ].join('\n');
}

function packageName(dir: string): string {
  const name = basename(resolve(dir))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name || 'load-tests';
}

function throwNotHost(text: string): never {
  throw optionError(
    'keep-hosts',
    `'${text}' is not a host`,
    'Write only the host, for example cdn.shop.example.',
  );
}
