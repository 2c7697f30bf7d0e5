import type { ScenarioDraft, UserDraft } from './draft.js';
import { commentLines } from './comment.js';
import {
  byLanguage,
  group,
  hardLine,
  ifBroken,
  indent,
  join,
  line,
  mark,
  print,
  type Doc,
  type Language,
} from './doc.js';
import { durationText } from './duration.js';
import { bracesDoc, propertyDoc, plainQuote, propertyKey, valueDoc } from './literal.js';
import { functionTail, taskDoc } from './statement.js';

/** Columns of a line. */
const WIDTH = 100;

/** The code of a scenario, and the position of its tasks. */
export interface RenderedScenario {
  readonly text: string;
  /** The line on which each task starts, counted from 1. */
  readonly tasks: readonly { readonly name: string; readonly line: number }[];
  /** The first line after the tasks. */
  readonly tasksEnd: number;
}

/** Renders the file as prettier does with single quotes and 100 columns. */
export function renderScenario(draft: ScenarioDraft, language: Language): RenderedScenario {
  const parts: Doc[] = [
    [
      draft.about.flatMap((sentence) => commentLines(sentence)).map((text) => [text, hardLine]),
      importDoc(draft),
    ],
    ...secretsDoc(draft),
    ...environmentDoc(draft),
    ...hostsDoc(draft),
    userDoc(draft.user),
    scenarioDoc(draft),
  ];
  const { text, marks } = print(join([hardLine, hardLine], parts), WIDTH, language);
  return {
    text: `${text}\n`,
    tasks: draft.user.tasks.map(({ name }) => ({ name, line: marks.get(taskMark(name)) ?? 0 })),
    tasksEnd: marks.get(TASKS_END) ?? 0,
  };
}

const TASKS_END = 'end of tasks';

function taskMark(name: string): string {
  return `task ${name}`;
}

function importDoc({ user, imports, secrets }: ScenarioDraft): Doc {
  const names = ['between', 'ramp', 'scenario', 'user'];
  if (secrets.length > 0) names.push('secrets');
  if (user.inOrder) names.push('inOrder');
  if (user.tasks.some(({ weight, tags }) => weight !== undefined || tags !== undefined)) names.push('task');
  const own = { what: `{ ${names.toSorted().join(', ')} }`, module: 'drumline' };
  const ofNode = imports.filter(({ module }) => module.startsWith('node:'));
  const files = imports.filter(({ module }) => !module.startsWith('node:'));
  const lines = [...ofNode, own, ...files].map(
    ({ what, module }) => `import ${what} from ${plainQuote(module)};`,
  );
  return join(hardLine, lines);
}

function secretsDoc({ secrets }: ScenarioDraft): Doc[] {
  if (secrets.length === 0) return [];
  const flags = secrets.map(({ name }) => `--secret ${name}`).join(' ');
  const comment = commentLines(
    `Secrets are not stored in this file. ${flags} reads ${secrets.length === 1 ? 'it' : 'them'} from the environment.`,
  );
  // A missing secret throws. The default satisfies noUncheckedIndexedAccess.
  const names = secrets.map(({ name, constant }) =>
    name === constant ? `${name} = ''` : `${propertyKey(name)}: ${constant} = ''`,
  );
  const pattern = group(['{', indent([line, join([',', line], names)]), ifBroken(','), line, '}']);
  return [[join(hardLine, comment), hardLine, 'const ', pattern, ' = secrets;']];
}

/** Constants for environment variables. A missing variable throws when the scenario loads. */
function environmentDoc({ environment }: ScenarioDraft): Doc[] {
  if (environment.length === 0) return [];
  const flags = environment.map(({ name }) => `-e ${name}`).join(' ');
  const lines = environment.map(({ name, constant }) => `const ${constant} = environment('${name}');`);
  const parameter = byLanguage('(name: string): string {', '(name) {');
  const body = [
    hardLine,
    'const value = process.env[name];',
    hardLine,
    'if (value === undefined) throw new Error(`Set ${name}: -e ${name}=…`);',
    hardLine,
    'return value;',
  ];
  const comment = commentLines(
    `Environment variables. ${flags} passes ${environment.length === 1 ? 'it' : 'them'} to every worker.`,
  );
  const docComment = byLanguage('', ['/** @param {string} name */', hardLine]);
  return [
    [join(hardLine, [...comment, ...lines])],
    [docComment, 'function environment', parameter, indent(body), hardLine, '}'],
  ];
}

function hostsDoc({ hosts }: ScenarioDraft): Doc[] {
  const lines = Object.entries(hosts).map(([name, origin]) => `const ${name} = ${plainQuote(origin)};`);
  return lines.length === 0 ? [] : [join(hardLine, lines)];
}

function userDoc({ name, state, waitMs, onStart, tasks, inOrder }: UserDraft): Doc {
  const [shortest, longest] = waitMs.map(durationText);
  const taskList = bracesDoc(
    tasks.map((task) => [mark(taskMark(task.name)), taskDoc(task)]),
    { broken: true },
  );
  const spec = bracesDoc(
    [
      `wait: between('${shortest}', '${longest}')`,
      ...(onStart.length === 0 ? [] : [['async onStart', functionTail(onStart, '')]]),
      ['tasks: ', inOrder ? ['inOrder(', taskList, ')'] : taskList, mark(TASKS_END)],
    ],
    { broken: true },
  );
  const makeState = Object.keys(state).length === 0 ? '' : ['() => (', valueDoc(state), '), '];
  return [`const ${name} = user('${name}', `, makeState, spec, ');'];
}

function scenarioDoc({ target, http, user }: ScenarioDraft): Doc {
  const settings = Object.entries(http).map(([key, value]) => propertyDoc(key, value));
  const spec = bracesDoc(
    [
      propertyDoc('target', target),
      ...(settings.length === 0 ? [] : [['http: ', bracesDoc(settings)]]),
      `users: [${user.name}]`,
      "load: ramp({ to: 10, over: '10s' }).hold('1m')",
    ],
    { broken: true },
  );
  return ['export default scenario(', spec, ');'];
}
