import type { RequestDraft, Statement, TaskDraft } from './draft.js';
import { callDoc } from './call.js';
import { Code, type ContextName, type Text, type Value } from './code.js';
import { commentLines } from './comment.js';
import { firstFit, group, hardLine, indent, type Doc } from './doc.js';
import { durationText } from './duration.js';
import { propertyDoc, propertyKey, valueDoc } from './literal.js';

const SHORT_METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

/** `name: async ({ http }) => { … }`, or a call of `task` if it has a weight or tags. */
export function taskDoc({ name, comment, weight, tags, statements }: TaskDraft): Doc {
  const work = ['async ', functionTail(statements, ' =>')];
  const options = weight !== undefined && !tags ? String(weight) : undefined;
  const task =
    options === undefined && !tags
      ? work
      : taskCallDoc(options ?? valueDoc({ ...(weight === undefined ? {} : { weight }), tags: tags! }), work);
  const lines = comment === undefined ? [] : commentLines(comment, 4);
  return [lines.map((text) => [text, hardLine]), propertyKey(name), ': ', task];
}

function taskCallDoc(options: Doc, work: Doc): Doc {
  return firstFit(
    ['task(', options, ', ', work, ')'],
    ['task(', indent([hardLine, options, ',', hardLine, work, ',']), hardLine, ')'],
  );
}

/** Parameters and body: `({ http, sleep }) => { … }` of a task, `({ http }) { … }` of a method. */
export function functionTail(statements: readonly Statement[], arrow: '' | ' =>'): Doc {
  const names = contextNames(statements);
  const parameters = names.length === 0 ? '()' : `({ ${names.join(', ')} })`;
  const body = statements.map((statement) => [hardLine, statementDoc(statement)]);
  return group([`${parameters}${arrow} {`, indent(body), hardLine, '}'], { broken: true });
}

function statementDoc(statement: Statement): Doc {
  switch (statement.kind) {
    case 'request': {
      const call = requestDoc(statement.request);
      return statement.into === undefined
        ? ['await ', call, ';']
        : [`const ${statement.into} = await `, call, ';'];
    }
    case 'sleep':
      return `await sleep('${durationText(statement.ms)}');`;
    case 'code':
      return [statement.doc, ';'];
  }
}

function requestDoc(request: RequestDraft): Doc {
  const { method, url } = request;
  const short = SHORT_METHODS.has(method);
  const options = optionsOf(request);
  const callee = `http.${short ? method.toLowerCase() : 'request'}`;
  return callDoc(callee, short ? [url] : [method, url], options.length === 0 ? undefined : options);
}

function optionsOf({ body, query, headers, name, timeoutMs, redirects, expect }: RequestDraft): Doc[] {
  const options: (readonly [string, Value | undefined])[] = [
    ['query', query],
    [body?.option ?? 'body', body?.value],
    ['headers', headers],
    ['name', name],
    ['timeout', timeoutMs === undefined ? undefined : durationText(timeoutMs)],
    ['redirects', redirects],
    ['expect', expect],
  ];
  return options.flatMap(([key, value]) => (value === undefined ? [] : [propertyDoc(key, value)]));
}

/** The context names that the statements use, in their usual order. */
function contextNames(statements: readonly Statement[]): ContextName[] {
  const used = new Set(statements.flatMap(usesOf));
  return (['http', 'state', 'sleep'] as const).filter((name) => used.has(name));
}

function usesOf(statement: Statement): readonly ContextName[] {
  switch (statement.kind) {
    case 'request': {
      const { url, name, query, headers, body } = statement.request;
      const values: (Text | Value | undefined)[] = [url, name, query, headers, body?.value];
      return ['http', ...values.flatMap(usesOfValue)];
    }
    case 'sleep':
      return ['sleep'];
    case 'code':
      return statement.uses;
  }
}

function usesOfValue(value: Value | undefined): readonly ContextName[] {
  if (value instanceof Code) return value.uses;
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(usesOfValue);
}
