import type { Language } from './code/doc.js';
import type { GeneratedScenario } from './generate.js';

const SCENARIO = `import { between, ramp, scenario, task, user } from 'drumline';

const visitor = user('visitor', {
  wait: between('1s', '3s'),
  tasks: {
    // Runs three times as often as the other task.
    home: task(3, async ({ http, check }) => {
      const page = await http.get('/');
      check(page, { 'status is 200': (response) => response.status === 200 });
    }),
    about: async ({ http }) => {
      await http.get('/about');
    },
  },
});

export default scenario({
  // The server that \`npm run server\` starts. Set your own system here or with --target https://…
  target: 'http://127.0.0.1:8080',
  users: [visitor],
  load: ramp({ to: 20, over: '10s' }).hold('20s'),
});
`;

const SERVER = `// A server to test until you set a target of your own: npm run server
// It listens on this machine only. For workers on other machines: npm run server -- 0.0.0.0
import { createServer } from 'node:http';

const host = process.argv[2] ?? '127.0.0.1';
createServer((request, response) => {
  setTimeout(() => response.end(\`Hello from \${request.url}\\n\`), 5 + Math.random() * 20);
}).listen(8080, host, () => console.log(\`Listening on http://\${host}:8080 until Ctrl-C.\`));
`;

/** Compiler options of a TypeScript project, and of the editor in a JavaScript project. */
const COMPILER_OPTIONS = {
  target: 'ES2023',
  lib: ['ES2023'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
};

const TSCONFIG = { compilerOptions: COMPILER_OPTIONS, include: ['**/*.ts'] };
/** Makes editors check the types in comments and complete names. */
const JSCONFIG = { compilerOptions: { ...COMPILER_OPTIONS, checkJs: true }, include: ['**/*.js'] };

const GITIGNORE = `node_modules/
drumline-*.html
drumline-*.json
drumline.key
drumline.token
drumline.api-token
`;

/** @param commands shell commands between the check and the test */
const readme = (name: string, commands: readonly string[]): string => `# ${name}

Load tests, written for [Drumline](https://www.npmjs.com/package/drumline).

\`\`\`sh
npm install
npm run check                # check types and plan, without load
${commands.map((line) => `${line}\n`).join('')}npm test                     # run the test; the report is an HTML file
npx drumline run -u 50 -t 1m # change the number of users and the length
\`\`\`

`;

const ownTarget = (
  scenario: string,
): string => `To test your own system, set \`target\` in \`${scenario}\` or pass \`--target https://…\`, and delete \`server.js\`.
Test only systems that you are allowed to test.
`;

/** A new project. */
interface ProjectOptions {
  readonly name: string;
  /** The dependency on Drumline: a version range or `file:…`. */
  readonly drumline: string;
  readonly language: Language;
  /** Replaces the example and its test server. */
  readonly given?: GeneratedScenario | undefined;
}

/** The files of a new project, by path. */
export function projectFiles(options: ProjectOptions): Record<string, string> {
  const { name, given, language } = options;
  const scenarioFile = `scenario.${language}`;
  const files = {
    'package.json': json(manifest(options)),
    ...(language === 'ts' ? { 'tsconfig.json': json(TSCONFIG) } : { 'jsconfig.json': json(JSCONFIG) }),
    '.gitignore': GITIGNORE,
  };
  if (given) {
    const { scenario, secrets, environment } = given;
    const settings = {
      ...(secrets.length > 0 && { secret: secrets }),
      ...(environment.length > 0 && { env: environment }),
    };
    return {
      [scenarioFile]: scenario,
      ...(Object.keys(settings).length > 0 && { 'drumline.config.json': json(settings) }),
      ...files,
      'README.md': givenReadme(name, given),
    };
  }
  const commands = ['npm run server               # start a test server, in another terminal'];
  return {
    [scenarioFile]: SCENARIO,
    'server.js': SERVER,
    ...files,
    'README.md': readme(name, commands) + ownTarget(scenarioFile),
  };
}

function manifest({ name, drumline, language, given }: ProjectOptions): object {
  return {
    name,
    private: true,
    type: 'module',
    scripts: {
      check: 'drumline check',
      ...(given ? {} : { server: 'node server.js' }),
      test: 'drumline run',
    },
    devDependencies: {
      '@types/node': '^20.19.0',
      drumline,
      ...(language === 'ts' && { typescript: '^7.0.2' }),
    },
    // Neither package needs its install script. Without this entry, npm warns about them.
    allowScripts: { esbuild: false, protobufjs: false },
  };
}

function givenReadme(name: string, { secrets, environment }: GeneratedScenario): string {
  const variables = [...secrets, ...environment].map((one) => `\`${one}\``).join(', ');
  const shown =
    secrets.length === 0
      ? ''
      : ' `drumline.config.json` lists the secrets, so that no report shows their values.';
  const first =
    variables === ''
      ? ''
      : `Set ${variables} in the environment before you check or run the scenario.${shown}\n`;
  return `${readme(name, [])}${first}To use another target, pass \`--target https://…\`. Test only systems that you are allowed to test.\n`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
