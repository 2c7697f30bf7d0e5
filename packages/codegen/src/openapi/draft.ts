import { messageOf } from '@drumline/model';
import { Scope } from '../code/names.js';
import type { ScenarioDraft } from '../code/draft.js';
import { objectOf, textOf, scalarTextOf } from '../source/json-text.js';
import type { PlacementOptions } from '../recording/placement.js';
import { throwProblems } from '../source/problems.js';
import { Secrets } from '../recording/secrets.js';
import { bodyOf } from './body.js';
import { BUNDLE_HINT, HINT, readApiDocument, type ApiDocument } from './document.js';
import { operationsOf, type LeftOut, type Operation } from './operation.js';
import { Samples } from './sample.js';
import { planServers } from './server-plan.js';
import { API_USER, ApiWriter } from './writer.js';

const MOST_LISTED = 20;

export interface ApiOptions extends PlacementOptions {
  readonly keepSecrets: boolean;
}

/**
 * Converts an OpenAPI document to a scenario with a task for each operation. Reads have three times
 * the weight of other operations. Resources in paths are created first, if the API has an operation
 * for that. An operation that cannot be read is left out and listed.
 * @throws DrumlineError `usage` that lists all problems, if no operation can be used
 */
export function readApiDraft(text: string, name: string, options: ApiOptions): ScenarioDraft {
  const document = readApiDocument(text, name);
  const { found, unreadable, needsOtherFiles } = operationsOf(document);
  const all = found.every((operation) => operation.deprecated);
  const current = all ? found : found.filter((operation) => !operation.deprecated);
  const deprecated = all ? [] : found.filter((operation) => operation.deprecated);
  const scope = new Scope();
  scope.take(API_USER);
  const secrets = new Secrets(options.keepSecrets, scope);
  const samples = new Samples(document, secrets);
  const withoutBody = new Map<Operation, LeftOut>();
  for (const operation of current) {
    const why = whyWithoutBody(samples, operation);
    if (why !== undefined) withoutBody.set(operation, { name: operation.name, why });
  }
  const operations = current.filter((operation) => !withoutBody.has(operation));
  const servers = planServers(document, operations, options, scope);
  const writer = new ApiWriter({ samples, secrets, servers, scope }, operations);
  const rest = writer.rest();
  const leftOut = [...unreadable, ...withoutBody.values(), ...writer.leftOut];
  const count = rest.user.tasks.length;
  if (count === 0) throwNoOperations(name, leftOut, needsOtherFiles);
  return {
    about: [
      `From ${titleOf(document, name)}: ${count} of ${found.length + unreadable.length} operations.`,
      ...(deprecated.length === 0
        ? []
        : [`Left out as deprecated: ${deprecated.map((one) => one.name).join(', ')}.`]),
      ...(leftOut.length === 0 ? [] : [`Left out: ${listOfLeftOut(leftOut)}.`]),
      ...document.notes,
      ...servers.about,
    ],
    hints: [
      ...servers.hints,
      ...(needsOtherFiles ? [`References to other files are not followed. ${BUNDLE_HINT}`] : []),
    ],
    target: servers.target,
    imports: [],
    environment: [],
    hosts: servers.hosts,
    ...rest,
  };
}

/** Why the body of an operation cannot be generated; undefined if it can. */
function whyWithoutBody(samples: Samples, operation: Operation): string | undefined {
  try {
    const body = bodyOf(samples, operation);
    return typeof body === 'string' ? body : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function listOfLeftOut(leftOut: readonly LeftOut[]): string {
  const shown = leftOut.slice(0, MOST_LISTED).map(({ name, why }) => `${name} (${why})`);
  const more = leftOut.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** @throws DrumlineError `usage` that lists why each operation is left out */
function throwNoOperations(name: string, leftOut: readonly LeftOut[], needsOtherFiles: boolean): void {
  const problems = ['it has no usable operation', ...leftOut.map((one) => `${one.name}: ${one.why}`)];
  throwProblems(name, problems, needsOtherFiles ? BUNDLE_HINT : HINT);
}

function titleOf({ root }: ApiDocument, name: string): string {
  const { title, version } = objectOf(root['info']);
  const what = [textOf(title), scalarTextOf(version)].join(' ').trim();
  return what === '' ? name : `${name}, ${what}`;
}
