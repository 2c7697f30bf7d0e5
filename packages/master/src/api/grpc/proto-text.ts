import { CALLS } from './calls.js';
import type { Operation } from './operations.js';
import { STREAMS } from './streams.js';
import { shapeOf, type Field, type Schema, type Shape } from './shape.js';

/** The number of a field of a message, if it has one already. */
export type KnownNumbers = (message: string, field: string) => number | undefined;

const HEAD = `// The control API of a Drumline master over gRPC: \`drumline master --grpc HOST:PORT\`.
// Generated from the schemas of the REST API by \`npm run docs\`. Fields keep their numbers.
syntax = "proto3";

package drumline.control.v1;
`;

const PARAMETER = `// The value of a parameter.
message ParameterValue {
  oneof value {
    string text = 1;
    double number = 2;
    bool flag = 3;
  }
}
`;

/**
 * The .proto file of the control API.
 * @param named messages of several others, which are not nested
 */
export function writeControlProto(named: Readonly<Record<string, Schema>>, numberOf: KnownNumbers): string {
  return new ProtoText(named, numberOf).text();
}

class ProtoText {
  /** Names of top-level messages, by what they consist of. */
  readonly #names = new Map<string, string>();
  readonly #messages = new Map<string, Shape>();

  constructor(
    named: Readonly<Record<string, Schema>>,
    private readonly numberOf: KnownNumbers,
  ) {
    for (const [name, schema] of Object.entries(named)) this.#add(name, schema);
    for (const { request, response } of [...CALLS, ...STREAMS])
      for (const [name, schema] of [request, response]) this.#add(name, schema);
  }

  text(): string {
    const methods = [
      ...CALLS.map((operation) => methodText(operation, '')),
      ...STREAMS.map((operation) => methodText(operation, 'stream ')),
    ];
    const messages = [...this.#messages].map(([name, shape]) => this.#message(name, name, shape, 0));
    return [HEAD, `service Control {\n${methods.join('\n')}}\n`, ...messages, PARAMETER].join('\n');
  }

  #add(name: string, schema: Schema): void {
    const shape = shapeOf(schema);
    this.#messages.set(name, shape);
    // Two empty requests may become different later.
    if (isMessage(shape) && shape.fields.length > 0) this.#names.set(keyOf(shape), name);
  }

  #message(path: string, name: string, shape: Shape, depth: number): string {
    if (!isMessage(shape)) throw new Error(`${path} is not a message`);
    const { fields, kind } = shape;
    const numbers = this.#numbers(path, fields);
    const inner = kind === 'variants' ? depth + 2 : depth + 1;
    const nested: string[] = [];
    const lines = fields.map((field, index) => {
      const type = this.#type(path, field, field.shape, depth + 1, nested);
      const comment = commentOf(field.description, inner);
      const label = kind !== 'variants' && field.isOptional && isSingular(field.shape) ? 'optional ' : '';
      return `${comment}${pad(inner)}${label}${type} ${snakeCase(field.name)} = ${numbers[index]};\n`;
    });
    const body =
      kind === 'variants' ? [`${pad(depth + 1)}oneof event {\n`, ...lines, `${pad(depth + 1)}}\n`] : lines;
    return `${pad(depth)}message ${name} {\n${[...nested, ...body].join('')}${pad(depth)}}\n`;
  }

  /** The type of a field. A message without a name of its own is added to `nested`. */
  #type(path: string, field: Field, shape: Shape, depth: number, nested: string[]): string {
    switch (shape.kind) {
      case 'scalar':
        return shape.type;
      case 'parameter':
        return 'ParameterValue';
      case 'nullable':
        return this.#type(path, field, shape.of, depth, nested);
      case 'list':
        return `repeated ${this.#type(path, field, shape.of, depth, nested)}`;
      case 'map':
        return `map<string, ${this.#type(path, field, shape.of, depth, nested)}>`;
      case 'message':
      case 'variants': {
        const known = this.#names.get(keyOf(shape));
        if (known !== undefined) return known;
        const name = messageName(field);
        nested.push(this.#message(`${path}.${name}`, name, shape, depth));
        return name;
      }
    }
  }

  #numbers(path: string, fields: readonly Field[]): number[] {
    const known = fields.map(({ name }) => this.numberOf(path, snakeCase(name)));
    let next = Math.max(0, ...known.map((number) => number ?? 0));
    return known.map((number) => number ?? (next += 1));
  }
}

function isMessage(shape: Shape): shape is Extract<Shape, { fields: unknown }> {
  return shape.kind === 'message' || shape.kind === 'variants';
}

function isSingular(shape: Shape): boolean {
  return shape.kind !== 'list' && shape.kind !== 'map';
}

/** Equal for shapes that differ in descriptions only. */
function keyOf(shape: Shape): string {
  return JSON.stringify(shape, (name, value: unknown) => (name === 'description' ? undefined : value));
}

/** The name of a nested message: `lanes` are of the type `Lane`. */
function messageName({ name, shape }: Field): string {
  const one = shape.kind === 'list' ? name.replace(/(?<=tus)es$|(?<=[^s])s$/, '') : name;
  return one.charAt(0).toUpperCase() + one.slice(1);
}

/** @throws Error if the name that programs see would be another one */
function snakeCase(name: string): string {
  const written = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (written.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) === name) return written;
  throw new Error(`${name} has no name in snake case`);
}

function methodText(
  { name, summary, rest, request, response }: Omit<Operation, 'call'>,
  stream: string,
): string {
  const text = `${summary.replace(/\.$/, '')}. REST: ${rest}.`;
  return `${commentOf(text, 1)}  rpc ${name}(${request[0]}) returns (${stream}${response[0]});\n`;
}

function commentOf(text: string | undefined, depth: number): string {
  if (text === undefined) return '';
  const width = 97 - 2 * depth;
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `${pad(depth)}// ${line}\n`).join('');
}

function pad(depth: number): string {
  return '  '.repeat(depth);
}
