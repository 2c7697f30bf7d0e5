import { readFileSync } from 'node:fs';
import { messageOf } from '@drumline/model';
import protobuf from 'protobufjs';
import descriptor, {
  type IDescriptorProto,
  type IFileDescriptorProto,
  type IFileDescriptorSet,
} from 'protobufjs/ext/descriptor.js';
import { addMissing } from './merge.js';
import { builtIn } from './protos/built-in.js';

/** Adds the files of protosets to the root, each once; their problems are added to `problems`. */
export function addProtosets(root: protobuf.Root, paths: readonly string[], problems: string[]): void {
  const files: IFileDescriptorProto[] = [];
  for (const path of paths) {
    try {
      files.push(...decodeFiles(readFileSync(path)));
    } catch (error) {
      problems.push(
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? `${path}: there is no such file`
          : `${path}: not a protoset (FileDescriptorSet): ${messageOf(error)}`,
      );
    }
  }
  const missing = missingFiles(files);
  if (missing.length > 0) {
    problems.push(
      `${paths.join(', ')}: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. Create the protoset with protoc --include_imports --descriptor_set_out=… or buf build -o ….`,
    );
  }
  if (problems.length > 0 || files.length === 0) return;
  try {
    addDescriptors(root, files);
  } catch (error) {
    problems.push(`${paths.join(', ')}: ${messageOf(error)}`);
  }
}

/** Adds files as descriptors to the root: from a protoset, or from reflection. */
export function addDescriptors(root: protobuf.Root, files: readonly IFileDescriptorProto[]): void {
  const once = [...new Map(files.map((file) => [file.name, file])).values()];
  const file = [...once, ...builtInsFor(once)];
  const jsonNames: JsonNames = new Map();
  for (const one of file) nameMessages(one.messageType, one.package ?? '', jsonNames);
  const set = descriptor.FileDescriptorSet.create({ file }) as unknown as IFileDescriptorSet;
  const described = protobuf.Root.fromDescriptor(set);
  for (const [typeName, names] of jsonNames) {
    // Entries of maps are types in descriptors only.
    const type = described.lookup(typeName, [protobuf.Type]) as protobuf.Type | null;
    for (const field of type?.fieldsArray ?? []) {
      (field as { jsonName?: string | undefined }).jsonName = names.get(field.id);
    }
  }
  addMissing(root, described.toJSON().nested);
}

/** The JSON names of fields by number, by the name of their type. */
type JsonNames = Map<string, ReadonlyMap<number, string | undefined>>;

/** Imported files that are neither present nor built in. */
export function missingFiles(files: readonly IFileDescriptorProto[]): string[] {
  const names = new Set(files.map(({ name }) => name ?? ''));
  const imported = new Set(files.flatMap(({ dependency }) => (dependency ?? []) as string[]));
  return [...imported].filter((name) => !names.has(name) && builtIn(name) === undefined);
}

function decodeFiles(bytes: Uint8Array): IFileDescriptorProto[] {
  return (descriptor.FileDescriptorSet.decode(bytes) as unknown as IFileDescriptorSet).file;
}

/** Imports of Google's common files that the sender left out. */
export function builtInsFor(files: readonly IFileDescriptorProto[]): IFileDescriptorProto[] {
  const root = new protobuf.Root();
  const need = (name: string): void => {
    const content = builtIn(name);
    content?.imports.forEach(need);
    addMissing(root, content?.nested);
  };
  for (const { dependency } of files) for (const name of (dependency ?? []) as string[]) need(name);
  root.resolveAll();
  const there = new Set(files.flatMap(typeNames));
  return root.toDescriptor('proto3').file.map((file) => {
    const { messageType = [], enumType = [], extension = [] } = file;
    const isNew = ({ name }: { name?: string }): boolean => !there.has(`${file.package}.${name}`);
    return {
      ...file,
      messageType: messageType.filter(isNew),
      enumType: enumType.filter(isNew),
      extension: extension.filter(isNew),
    };
  });
}

function typeNames(file: IFileDescriptorProto): string[] {
  const declared = [...(file.messageType ?? []), ...(file.enumType ?? []), ...(file.extension ?? [])];
  return declared.map(({ name }) => `${file.package}.${name}`);
}

/** The name that protobufjs's parser gives to a field. Its own `Any` is the exception. */
function propertyName(typeName: string, fieldName: string): string {
  return typeName === 'google.protobuf.Any' ? fieldName : protobuf.util.camelCase(fieldName);
}

/**
 * Names fields as the parser of .proto files does, so that messages look the same for every source
 * of a schema. protobufjs would use the JSON names, which servers may leave out.
 * @param jsonNames receives the JSON names that were present; without one, protobuf's own rule
 * applies
 */
function nameMessages(
  messages: readonly IDescriptorProto[] | undefined,
  scope: string,
  jsonNames: JsonNames,
): void {
  for (const { name = '', field = [], nestedType } of messages ?? []) {
    const fullName = scope === '' ? name : `${scope}.${name}`;
    jsonNames.set(fullName, new Map(field.map(({ number, jsonName }) => [number!, jsonName || undefined])));
    for (const one of field) if (one.name !== undefined) one.jsonName = propertyName(fullName, one.name);
    nameMessages(nestedType, fullName, jsonNames);
  }
}
