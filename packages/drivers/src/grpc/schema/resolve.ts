import { messageOf } from '@drumline/model';
import protobuf from 'protobufjs';
import type { Sources } from './proto-files.js';

/**
 * Resolves all type names.
 * @returns every unknown name, each with its file and line
 */
export function resolveTypes(root: protobuf.Root, sources: Sources = new Map()): string[] {
  try {
    root.resolveAll();
    return [];
  } catch (error) {
    const problems = [...namesOf(root)].flatMap((object) => problemOf(object, sources));
    return problems.length > 0 ? problems : [messageOf(error)];
  }
}

/** Everything that refers to types: fields, methods, extensions. */
function* namesOf(object: protobuf.ReflectionObject): Generator<protobuf.Field | protobuf.Method> {
  if (object instanceof protobuf.Field || object instanceof protobuf.Method) yield object;
  if (object instanceof protobuf.Type) yield* object.fieldsArray;
  if (object instanceof protobuf.Service) yield* object.methodsArray;
  if (object instanceof protobuf.Namespace) for (const nested of object.nestedArray) yield* namesOf(nested);
}

function problemOf(object: protobuf.Field | protobuf.Method, sources: Sources): string[] {
  try {
    object.resolve();
    return [];
  } catch {
    return typesIn(object)
      .filter((type) => object.parent?.lookupTypeOrEnum === undefined || !isKnown(object, type))
      .map(
        (type) =>
          `${placeOf(object, type, sources)}: ${nameOf(object)}: there is no type ${type}; is an import missing?`,
      );
  }
}

function typesIn(object: protobuf.Field | protobuf.Method): string[] {
  return object instanceof protobuf.Method ? [object.requestType, object.responseType] : [object.type];
}

function isKnown(object: protobuf.ReflectionObject, type: string): boolean {
  return object.parent?.lookup(type, [protobuf.Type, protobuf.Enum]) != null;
}

function placeOf(object: protobuf.ReflectionObject, type: string, sources: Sources): string {
  const file = fileOf(object);
  const lines = sources.get(file)?.split('\n') ?? [];
  const protoName = (object instanceof protobuf.Field ? object.protoName : undefined) ?? object.name;
  const inLine = (line: string, word: string): boolean =>
    new RegExp(String.raw`(?<![\w.])${word}\b`).test(line);
  const line = lines.findIndex((text) => inLine(text, type) && inLine(text, protoName)) + 1;
  return line > 0 ? `${file}:${line}` : file;
}

function fileOf(object: protobuf.ReflectionObject | null): string {
  return object === null ? 'schema' : (object.filename ?? fileOf(object.parent));
}

function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}
