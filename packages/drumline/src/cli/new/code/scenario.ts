import type { ScenarioDraft, UserDraft } from '../draft.js';
import { commentLines } from './comment.js';
import { group, hardLine, ifBroken, indent, join, line, print, type Doc } from './doc.js';
import { durationText } from './duration.js';
import { bracesDoc, propertyDoc, quote, valueDoc } from './literal.js';
import { functionTail, taskDoc } from './statement.js';

/** As wide as a scenario's lines should be. */
const WIDTH = 100;

/** The file, as prettier would lay it out with single quotes and 100 columns. */
export function renderScenario(draft: ScenarioDraft): string {
  const parts: Doc[] = [
    [
      draft.about.flatMap((sentence) => commentLines(sentence)).map((text) => [text, hardLine]),
      importDoc(draft),
    ],
    ...secretsDoc(draft),
    ...hostsDoc(draft),
    userDoc(draft.user),
    scenarioDoc(draft),
  ];
  return `${print(join([hardLine, hardLine], parts), WIDTH)}\n`;
}

function importDoc({ user, imports, secrets }: ScenarioDraft): Doc {
  const names = ['between', 'ramp', 'scenario', 'user'];
  if (secrets.length > 0) names.push('secrets');
  if (user.inOrder) names.push('inOrder');
  if (user.tasks.some(({ weight, tags }) => weight !== undefined || tags !== undefined)) names.push('task');
  const own = { what: `{ ${names.toSorted().join(', ')} }`, module: 'drumline' };
  const ofNode = imports.filter(({ module }) => module.startsWith('node:'));
  const files = imports.filter(({ module }) => !module.startsWith('node:'));
  const lines = [...ofNode, own, ...files].map(({ what, module }) => `import ${what} from ${quote(module)};`);
  return join(hardLine, lines);
}

function secretsDoc({ secrets }: ScenarioDraft): Doc[] {
  if (secrets.length === 0) return [];
  const flags = secrets.map((name) => `--secret ${name}`).join(' ');
  const comment = commentLines(
    `Secrets do not belong into this file: ${flags} takes ${secrets.length === 1 ? 'it' : 'them'} from the environment.`,
  );
  // One that is not given throws; the empty string is for TypeScript where it checks indexed access.
  const names = secrets.map((name) => `${name} = ''`);
  const pattern = group(['{', indent([line, join([',', line], names)]), ifBroken(','), line, '}']);
  return [[join(hardLine, comment), hardLine, 'const ', pattern, ' = secrets;']];
}

function hostsDoc({ hosts }: ScenarioDraft): Doc[] {
  const lines = Object.entries(hosts).map(([name, origin]) => `const ${name} = ${quote(origin)};`);
  return lines.length === 0 ? [] : [join(hardLine, lines)];
}

function userDoc({ name, state, waitMs, onStart, tasks, inOrder }: UserDraft): Doc {
  const [shortest, longest] = waitMs.map(durationText);
  const taskList = bracesDoc(tasks.map(taskDoc), { broken: true });
  const spec = bracesDoc(
    [
      `wait: between('${shortest}', '${longest}')`,
      ...(onStart.length === 0 ? [] : [['async onStart', functionTail(onStart, '')]]),
      ['tasks: ', inOrder ? ['inOrder(', taskList, ')'] : taskList],
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
