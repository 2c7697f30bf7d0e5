import protobuf from 'protobufjs';
import { nameOf } from '../schema.js';

/** Names that already have another meaning in the declarations. */
const TAKEN: readonly string[] = ['Long', 'GrpcTypes', 'Date', 'Uint8Array', 'ReadonlyMap'];

/**
 * A TypeScript name for each message and enum. It is the type's own name if that is unique.
 * Otherwise the names of its parents are prepended, and then that of its package.
 */
export function typeNames(
  types: Iterable<protobuf.Type | protobuf.Enum>,
): Map<protobuf.ReflectionObject, string> {
  const all = [...types];
  const uses = new Map<string, number>(TAKEN.map((name) => [name, 1]));
  for (const name of all.flatMap(formsOf)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const isFree = (type: protobuf.ReflectionObject): boolean =>
    formsOf(type).every((name) => uses.get(name) === 1);
  return new Map(
    all.map((type) => [type, isFree(type) ? shortName(type) : nameOf(type).replaceAll('.', '_')] as const),
  );
}

/** A message has two names: for the received form, and for the form to send. */
export function inputName(name: string): string {
  return `${name}Input`;
}

function formsOf(type: protobuf.ReflectionObject): string[] {
  return [shortName(type), inputName(shortName(type))];
}

function shortName(type: protobuf.ReflectionObject): string {
  return type.parent instanceof protobuf.Type ? `${shortName(type.parent)}_${type.name}` : type.name;
}
