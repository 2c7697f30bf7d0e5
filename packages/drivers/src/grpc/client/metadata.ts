import type { RawMetadata } from '../contract.js';
import type { MetadataFields, MetadataValue } from './options.js';

/** The number of lists that are cached. */
const LIMIT = 1_000;
/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Header-Name and ASCII-Value */
const NAME = /^[0-9a-z_.-]+$/;
const ASCII_VALUE = /^[\x20-\x7e]*$/;
/**
 * Headers that gRPC itself sends. Other names that begin with `grpc-` are allowed, for example
 * `grpc-trace-bin`.
 */
const OF_THE_PROTOCOL = new Set([
  'content-type',
  'te',
  'grpc-timeout',
  'grpc-encoding',
  'grpc-accept-encoding',
  'grpc-message-type',
  'grpc-status',
  'grpc-message',
  'grpc-status-details-bin',
]);
/** Connection headers, which HTTP/2 does not have (RFC 9113, section 8.2.2). */
const OF_HTTP_1 = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/**
 * The metadata of a service's calls. Equal fields give the same frozen list, so that engines can
 * cache what they derive from it.
 */
export class MetadataLists {
  /** Metadata of a call that adds no fields. */
  readonly base: RawMetadata;
  readonly #base: ReadonlyMap<string, readonly string[]>;
  readonly #lists = new Map<string, RawMetadata>();

  /** @throws TypeError if a name or a value cannot be sent */
  constructor(base: MetadataFields) {
    this.#base = merge(new Map(), base);
    this.base = flat(this.#base);
  }

  /** @throws TypeError if a name or a value cannot be sent */
  with(fields: MetadataFields | null | undefined): RawMetadata {
    if (fields === undefined || fields === null) return this.base;
    const id = idOf(fields);
    const known = this.#lists.get(id);
    if (known !== undefined) return known;
    const list = flat(merge(new Map(this.#base), fields));
    if (this.#lists.size >= LIMIT) this.#lists.clear();
    this.#lists.set(id, list);
    return list;
  }
}

/** A key that is equal for equal fields, and only for them. */
function idOf(fields: MetadataFields): string {
  let id = '';
  for (const name in fields) {
    const value = fields[name];
    const type = typeof value;
    const text = type === 'object' ? JSON.stringify(value) : String(value);
    id += `${name}\n${type}${text.length}:${text}`;
  }
  return id;
}

function flat(fields: ReadonlyMap<string, readonly string[]>): RawMetadata {
  const list: string[] = [];
  for (const [name, values] of fields) for (const value of values) list.push(name, value);
  return Object.freeze(list);
}

function merge(into: Map<string, readonly string[]>, fields: MetadataFields): Map<string, readonly string[]> {
  for (const [given, value] of Object.entries(fields)) {
    const name = given.toLowerCase();
    if (value === undefined || value === null) into.delete(name);
    else
      into.set(
        name,
        (isList(value) ? value : [value]).flatMap((one) => textOf(name, one) ?? []),
      );
  }
  return into;
}

/** @returns undefined for a value that is left out */
function textOf(name: string, value: MetadataValue): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!NAME.test(name)) {
    throw new TypeError(
      `metadata: '${name}' is not a valid name: use only letters, digits, '_', '.' and '-'`,
    );
  }
  if (OF_THE_PROTOCOL.has(name)) {
    throw new TypeError(`metadata: ${name} is reserved for gRPC itself: use another name`);
  }
  if (OF_HTTP_1.has(name)) {
    throw new TypeError(`metadata: HTTP/2 does not allow ${name}: remove it`);
  }
  if (name.endsWith('-bin')) {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64').replace(/=+$/, '');
    throw new TypeError(
      `metadata: the value of ${name} must be bytes, because the name ends with -bin: use Buffer.from(…)`,
    );
  }
  if (value instanceof Uint8Array) {
    throw new TypeError(
      `metadata: the value of ${name} is bytes, so its name must end with -bin: use '${name}-bin'`,
    );
  }
  if (typeof value === 'object')
    throw new TypeError(`metadata: the value of ${name} must be text, not an object`);
  // Peers strip whitespace at the ends of values (RFC 9113, section 8.2.1).
  const text = String(value).replace(/^[ \t]+|[ \t]+$/g, '');
  if (ASCII_VALUE.test(text)) return text;
  throw new TypeError(
    `metadata: the value of ${name} must contain only printable ASCII: send anything else as bytes, in '${name}-bin'`,
  );
}

function isList(value: MetadataFields[string]): value is readonly MetadataValue[] {
  return Array.isArray(value);
}
