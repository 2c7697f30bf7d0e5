import { messageOf } from '@drumline/model';
import { Code, isFields, type Text, type Value } from '../code/code.js';
import { Names, type Scope } from '../code/names.js';
import { codeOf, readStatements, type Variable } from '../correlation/reads.js';
import type { ScenarioDraft, Statement, TaskDraft } from '../code/draft.js';
import { listOf } from '../source/json-text.js';
import type { Secrets } from '../recording/secrets.js';
import { requestOf, type Step } from '../recording/step.js';
import { camelCase, singular, wordsOf } from '../recording/words.js';
import { bodyOf, bodySchemaOf } from './body.js';
import type { LeftOut, Operation } from './operation.js';
import { headersOf, queryOf, segmentsOf, seriesOf } from './parameters.js';
import { resourcesIn, resourcesOf, type Resource } from './resources.js';
import { mergeAllOf, type Samples } from './sample.js';
import { securityOf, type Security } from './security.js';
import type { ServerPlan } from './server-plan.js';

const READ_WEIGHT = 3;

/** Collaborators of an `ApiWriter`. */
export interface ApiParts {
  readonly samples: Samples;
  readonly secrets: Secrets;
  readonly servers: ServerPlan;
  /** Scope of the module. */
  readonly scope: Scope;
}

export const API_USER = 'client';

/** Converts the operations of an API to tasks. */
export class ApiWriter {
  readonly leftOut: LeftOut[] = [];
  readonly #security: Security;
  readonly #resources: readonly Resource[];
  /** Ids of the resources that each user creates when it starts. */
  readonly #variables = new Map<Resource, Variable>();

  constructor(
    private readonly parts: ApiParts,
    private readonly operations: readonly Operation[],
  ) {
    const { samples, secrets } = parts;
    this.#security = securityOf(samples.document, operations, secrets);
    this.#resources = resourcesOf(samples.document, operations);
    const names = new Names();
    for (const resource of this.#resources.filter(({ hasExample }) => !hasExample)) {
      const variable = { leaf: resource.leaf, inState: true, name: names.take(identifierName(resource)) };
      this.#variables.set(resource, variable);
    }
  }

  /** The parts of the draft that depend on the operations. */
  rest(): Pick<ScenarioDraft, 'secrets' | 'http' | 'user'> {
    const { scope, secrets } = this.parts;
    const names = new Names();
    const start = scope.inner();
    const created = [...this.#variables].flatMap(([resource, variable]) =>
      this.#ifPossible(`creating ${variable.name}`, () => this.#create(resource, variable, start)),
    );
    const tasks = this.operations.flatMap((operation) =>
      this.#ifPossible(operation.name, () => [this.#task(operation, names)]),
    );
    const headers = this.#security.headers;
    return {
      secrets: secrets.all,
      http: Object.keys(headers).length > 0 ? { headers } : {},
      user: {
        name: API_USER,
        state: Object.fromEntries([...this.#variables.values()].map(({ name, leaf }) => [name, leaf.value])),
        waitMs: [1_000, 3_000],
        onStart: [...this.#security.onStart, ...created],
        tasks,
        inOrder: false,
      },
    };
  }

  /** Adds an operation that cannot be converted to `leftOut`. */
  #ifPossible<T>(name: string, make: () => readonly T[]): readonly T[] {
    try {
      return make();
    } catch (error) {
      this.leftOut.push({ name, why: messageOf(error) });
      return [];
    }
  }

  #task(operation: Operation, names: Names): TaskDraft {
    const { method, summary, tags } = operation;
    const reads = method === 'GET' || method === 'HEAD';
    const statements = method === 'DELETE' ? this.#delete(operation) : [this.#request(operation)];
    return {
      name: names.take(operation.name),
      comment: summary,
      ...(reads && { weight: READ_WEIGHT }),
      ...(tags.length > 0 && { tags }),
      statements,
    };
  }

  /** Deletes a resource that the task creates first, because other tasks need the existing ones. */
  #delete(operation: Operation): Statement[] {
    const resource = this.#resources.find(({ path }) => path === operation.path);
    if (resource === undefined) return [this.#request(operation)];
    const scope = this.parts.scope.inner();
    const variable = { leaf: resource.leaf, inState: false, name: scope.take(identifierName(resource)) };
    const known = new Map([[resource.parameter, new Code(variable.name)]]);
    return [...this.#create(resource, variable, scope), this.#request(operation, known)];
  }

  #create(resource: Resource, variable: Variable, scope: Scope): Statement[] {
    const wanted = resourceName(resource);
    const into = scope.take(scope.has(wanted) ? `${wanted}Response` : wanted);
    return [this.#request(resource.create, new Map(), into), ...readStatements(into, [variable])];
  }

  #request(operation: Operation, known: ReadonlyMap<string, Text> = new Map(), into?: string): Statement {
    const values = new Map<string, Text>();
    for (const resource of resourcesIn(operation.path, this.#resources)) {
      const variable = this.#variables.get(resource);
      if (variable !== undefined) values.set(resource.parameter, codeOf(variable));
    }
    const step = this.#stepOf(operation, new Map([...values, ...known]));
    return { kind: 'request', request: requestOf(step, this.parts.servers.placeOf(operation)), into };
  }

  #stepOf(operation: Operation, known: ReadonlyMap<string, Text>): Step {
    const made = bodyOf(this.parts.samples, operation);
    const { body, headers = {} } = typeof made === 'object' ? made : {};
    const creates = this.#resources.find(({ create }) => create === operation);
    return {
      method: operation.method,
      origin: '',
      segments: segmentsOf(this.parts.samples, operation, known),
      pathName: seriesOf(operation),
      rawQuery: '',
      query: { ...queryOf(this.parts.samples, operation), ...this.#security.queryOf(operation) },
      headers: { ...headersOf(this.parts.samples, operation), ...headers },
      body: body && creates ? { ...body, value: this.#withoutIdentifier(body.value, creates) } : body,
      options: {},
      response: undefined,
    };
  }

  /** Removes an optional `id` from a body, because all users would create the same resource. */
  #withoutIdentifier(value: Value, { leaf, create }: Resource): Value {
    const { document } = this.parts.samples;
    const schema = mergeAllOf(document, bodySchemaOf(this.parts.samples, create));
    if (!isFields(value) || leaf.key !== 'id' || listOf(schema['required']).includes('id')) return value;
    const { id: _id, ...rest } = value;
    return rest;
  }
}

/** `pet` for POST `/pets`. */
function resourceName({ create }: Resource): string {
  const words = wordsOf(
    create.path.split('/').findLast((part) => part !== '' && !part.startsWith('{')) ?? 'created',
  );
  return camelCase([...words.slice(0, -1), singular(words.at(-1) ?? 'created')]);
}

/** `petId` for `/pets/{petId}` and `/pets/{id}`. */
function identifierName(resource: Resource): string {
  const words = wordsOf(resource.parameter);
  return camelCase(
    words.length === 1 && words[0] === 'id' ? [...wordsOf(resourceName(resource)), 'id'] : words,
  );
}
