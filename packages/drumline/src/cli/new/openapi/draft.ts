import { DrumlineError } from '@drumline/model';
import type { ScenarioDraft } from '../draft.js';
import { objectOf, textOf, wordOf, type JsonObject } from '../json-text.js';
import { Secrets } from '../recording/secrets.js';
import { bodyOf } from './body.js';
import { readApiDocument, type ApiDocument } from './document.js';
import { operationsOf, serverOf } from './operation.js';
import { Samples } from './sample.js';
import { ApiWriter } from './writer.js';

const DEFAULT_TARGET = 'http://localhost:8080';

/**
 * A scenario with a task for each operation of an API: reads three times as often as the rest. What paths ask for is
 * created first, if the API lets its users create it.
 * @throws DrumlineError `usage` that lists everything that is wrong with the description
 */
export function readApiDraft(
  text: string,
  name: string,
  { keepSecrets }: { keepSecrets: boolean },
): ScenarioDraft {
  const document = readApiDocument(text, name);
  const all = operationsOf(document);
  const deprecated = all.filter((operation) => operation.deprecated);
  const secrets = new Secrets(keepSecrets);
  const samples = new Samples(document, secrets);
  const wordless: string[] = [];
  const operations = all.filter((operation) => {
    const body = operation.deprecated ? undefined : bodyOf(samples, operation);
    if (typeof body === 'string') wordless.push(`${operation.name} (${body})`);
    return !operation.deprecated && typeof body !== 'string';
  });
  if (operations.length === 0)
    throw new DrumlineError('usage', `${name}: it has no operations that can be asked`);
  const api = new ApiWriter(samples, operations, secrets);
  const server = (document.isSwagger ? swaggerServer(document.root) : serverOf(document.root)) ?? '';
  return {
    about: [
      `From ${titleOf(document, name)}: ${operations.length} of ${all.length} operations.`,
      ...(deprecated.length === 0
        ? []
        : [`Left out as deprecated: ${deprecated.map((one) => one.name).join(', ')}.`]),
      ...(wordless.length === 0 ? [] : [`Left out: ${wordless.join('; ')}.`]),
      ...(URL.canParse(server) ? [] : ['It does not say on which host: set target.']),
    ],
    hints: [],
    target: URL.canParse(server)
      ? server
      : `${DEFAULT_TARGET}${server === '' || server.startsWith('/') ? '' : '/'}${server}`,
    ...api.rest(),
  };
}

function titleOf({ root }: ApiDocument, name: string): string {
  const { title, version } = objectOf(root['info']);
  const what = [textOf(title), wordOf(version)].join(' ').trim();
  return what === '' ? name : `${name}, ${what}`;
}

function swaggerServer({ host, basePath, schemes }: JsonObject): string | undefined {
  const path = textOf(basePath).replace(/\/+$/, '');
  if (typeof host !== 'string') return path;
  const known = Array.isArray(schemes) ? (schemes as unknown[]) : [];
  return `${known.includes('https') || known.length === 0 ? 'https' : 'http'}://${host}${path}`;
}
