import { DrumlineError } from '@drumline/model';
import { Code, type Text } from '../code/code.js';
import { readStatements } from '../correlation/reads.js';
import type { ScenarioDraft, Statement, TaskDraft } from '../draft.js';
import { objectOf, textOf, type JsonObject } from '../json-text.js';
import { Secrets } from '../recording/secrets.js';
import { requestOf, type Step } from '../recording/step.js';
import { responseNameOf } from '../recording/task-name.js';
import { camelCase, Names, wordsOf } from '../recording/words.js';
import { bodyOf } from './body.js';
import { readApiDocument, type ApiDocument } from './document.js';
import { operationsOf, serverOf, type Operation } from './operation.js';
import { headersOf, queryOf, segmentsOf, seriesOf } from './parameters.js';
import { resourcesIn, resourcesOf, stateCode, type Resource } from './resources.js';
import { securityOf } from './security.js';

const READ_WEIGHT = 3;
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
  const wordless: string[] = [];
  const operations = all.filter((operation) => {
    const body = operation.deprecated ? undefined : bodyOf(document, operation);
    if (typeof body === 'string') wordless.push(`${operation.name} (${body})`);
    return !operation.deprecated && typeof body !== 'string';
  });
  if (operations.length === 0)
    throw new DrumlineError('usage', `${name}: it has no operations that can be asked`);
  const api = new ApiWriter(document, operations, secrets);
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

class ApiWriter {
  readonly #security: ReturnType<typeof securityOf>;
  readonly #resources: readonly Resource[];
  /** Fields of the state, by resource. */
  readonly #fields = new Map<Resource, string>();

  constructor(
    private readonly document: ApiDocument,
    private readonly operations: readonly Operation[],
    private readonly secrets: Secrets,
  ) {
    this.#security = securityOf(document, operations, secrets);
    this.#resources = resourcesOf(document, operations);
    const names = new Names([]);
    for (const resource of this.#resources) {
      const words = wordsOf(resource.parameter);
      const bare = words.length === 1 && words[0] === 'id';
      const owner = responseNameOf(this.#stepOf(resource.create, new Map()));
      this.#fields.set(resource, names.take(camelCase(bare ? [...wordsOf(owner), 'id'] : words)));
    }
  }

  /** All of the draft that the operations are. */
  rest(): Omit<ScenarioDraft, 'about' | 'hints' | 'target'> {
    const names = new Names([]);
    const tasks = this.operations.map((operation) => this.#task(operation, names));
    const created = this.#resources.flatMap((resource) => this.#create(resource));
    const headers = this.#security.headers;
    return {
      environment: this.secrets.names,
      readsFiles: false,
      hosts: {},
      http: Object.keys(headers).length > 0 ? { headers } : {},
      user: {
        name: 'client',
        state: Object.fromEntries([...this.#fields].map(([{ leaf }, field]) => [field, leaf.value])),
        waitMs: [1_000, 3_000],
        onStart: [...this.#security.onStart, ...created],
        tasks,
        inOrder: false,
      },
    };
  }

  #task(operation: Operation, names: Names): TaskDraft {
    const { method, summary, tags } = operation;
    const reads = method === 'GET' || method === 'HEAD';
    return {
      name: names.take(operation.name),
      comment: summary,
      ...(reads && { weight: READ_WEIGHT }),
      ...(tags.length > 0 && { tags }),
      statements: method === 'DELETE' ? this.#delete(operation) : [this.#request(operation)],
    };
  }

  /** What is deleted must be there, and not be what the other tasks need. */
  #delete(operation: Operation): Statement[] {
    const resource = this.#resources.find(({ path }) => path === operation.path);
    if (resource === undefined) return [this.#request(operation)];
    const names = new Names();
    const name = names.take(this.#fields.get(resource)!);
    const into = names.take(responseNameOf(this.#stepOf(resource.create, new Map())));
    return [
      this.#request(resource.create, new Map(), into),
      ...readStatements(into, [{ leaf: resource.leaf, inState: false, name }]),
      this.#request(operation, new Map([[resource.parameter, new Code(name)]])),
    ];
  }

  /** Creates what the tasks of a user need, when it starts. */
  #create(resource: Resource): Statement[] {
    const into = this.#fields.get(resource)!.replace(/Id$/, '');
    const variable = { leaf: resource.leaf, inState: true, name: this.#fields.get(resource)! };
    return [this.#request(resource.create, new Map(), into), ...readStatements(into, [variable])];
  }

  #request(operation: Operation, known: ReadonlyMap<string, Text> = new Map(), into?: string): Statement {
    const inState = resourcesIn(operation.path, this.#resources).map(
      (resource) => [resource.parameter, stateCode(this.#fields.get(resource)!)] as const,
    );
    const step = this.#stepOf(operation, new Map<string, Text>([...inState, ...known]));
    return {
      kind: 'request',
      request: requestOf(this.secrets.concealIn(step), operation.server ?? ''),
      into,
    };
  }

  #stepOf(operation: Operation, known: ReadonlyMap<string, Text>): Step {
    const made = bodyOf(this.document, operation);
    const { body, headers = {} } = typeof made === 'object' ? made : {};
    return {
      method: operation.method,
      origin: '',
      segments: segmentsOf(this.document, operation, known),
      pathName: seriesOf(operation),
      rawQuery: '',
      query: { ...queryOf(this.document, operation), ...this.#security.queryOf(operation) },
      headers: { ...headersOf(this.document, operation), ...headers },
      body,
      options: {},
      response: undefined,
    };
  }
}

function titleOf({ root }: ApiDocument, name: string): string {
  const { title, version } = objectOf(root['info']);
  const what = [textOf(title), String(version ?? '')].join(' ').trim();
  return what === '' ? name : `${name}, ${what}`;
}

function swaggerServer({ host, basePath, schemes }: JsonObject): string | undefined {
  const path = textOf(basePath).replace(/\/+$/, '');
  if (typeof host !== 'string') return path;
  const known = Array.isArray(schemes) ? (schemes as unknown[]) : [];
  return `${known.includes('https') || known.length === 0 ? 'https' : 'http'}://${host}${path}`;
}
