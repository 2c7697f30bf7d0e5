import type {
  IDescriptorProto,
  IFieldDescriptorProto,
  IFileDescriptorProto,
} from 'protobufjs/ext/descriptor.js';

/** Why services, or methods of them, cannot be used, by the names of the services. */
export type Unusable = ReadonlyMap<string, readonly string[]>;

/**
 * Removes whatever uses a missing type, and whatever depends on that, until every name is declared.
 * A missing type then disables only the methods that need it.
 * @param files changed in place
 * @param others files that also declare types
 * @returns why the removed methods cannot be used
 */
export function pruneUndeclared(
  files: readonly IFileDescriptorProto[],
  others: readonly IFileDescriptorProto[],
): Unusable {
  const declared = new Set([...files, ...others].flatMap(typeNames));
  const reasons = new Map<string, string>();
  const whyMissing: WhyMissing = (name, scope) => {
    if (!name) return undefined;
    const candidates = meanings(name, scope);
    if (candidates.some((one) => declared.has(one))) return undefined;
    return firstOf(candidates, (one) => reasons.get(one)) ?? `there is no type ${name.replace(/^\./, '')}`;
  };
  const pruneMessages = (messages: IDescriptorProto[], scope: string): boolean => {
    let changed = false;
    for (const message of messages.slice()) {
      const name = `${scope}.${message.name}`;
      const reason = firstOf(message.field ?? [], ({ typeName }) => whyMissing(typeName, name));
      if (reason !== undefined) {
        messages.splice(messages.indexOf(message), 1);
        for (const gone of typeNamesIn(message, scope)) {
          declared.delete(gone);
          reasons.set(gone, reason);
        }
        changed = true;
      } else if (pruneMessages(message.nestedType ?? [], name)) changed = true;
    }
    return changed;
  };
  let changed = true;
  while (changed) {
    changed = false;
    for (const file of files) {
      if (pruneMessages(file.messageType ?? [], scopeOf(file))) changed = true;
    }
  }
  for (const file of files) pruneExtensions(file, scopeOf(file), whyMissing);
  return new Map(files.flatMap((file) => pruneMethods(file, whyMissing)));
}

/** Why a name used in a scope is not declared; undefined if it is. */
type WhyMissing = (name: string | undefined, scope: string) => string | undefined;

/**
 * The possible meanings of a name within a scope. Compilers write full names with a leading dot;
 * some servers do not.
 */
function meanings(name: string, scope: string): string[] {
  if (name.startsWith('.')) return [name];
  const parts = scope.split('.');
  return parts.map((_, index) => [...parts.slice(0, parts.length - index), name].join('.'));
}

function pruneMethods(
  file: IFileDescriptorProto,
  whyMissing: WhyMissing,
): [service: string, reasons: string[]][] {
  return (file.service ?? []).flatMap((service) => {
    const scope = scopeOf(file);
    const broken: string[] = [];
    service.method = (service.method ?? []).filter(({ name, inputType, outputType }) => {
      const reason = whyMissing(inputType, scope) ?? whyMissing(outputType, scope);
      if (reason !== undefined) broken.push(`${name} cannot be used: ${reason}`);
      return reason === undefined;
    });
    return broken.length === 0 ? [] : [[`${scope}.${service.name}`.slice(1), broken]];
  });
}

function pruneExtensions(
  within: IFileDescriptorProto | IDescriptorProto,
  scope: string,
  whyMissing: WhyMissing,
): void {
  const isWhole = ({ typeName, extendee }: IFieldDescriptorProto): boolean =>
    (whyMissing(typeName, scope) ?? whyMissing(extendee, scope)) === undefined;
  if (within.extension) within.extension = within.extension.filter(isWhole);
  const inner = 'messageType' in within ? within.messageType : (within as IDescriptorProto).nestedType;
  for (const message of inner ?? []) pruneExtensions(message, `${scope}.${message.name}`, whyMissing);
}

/** `.bank.v1`, or nothing for a file without a package. */
function scopeOf({ package: name }: IFileDescriptorProto): string {
  return name ? `.${name}` : '';
}

function typeNames(file: IFileDescriptorProto): string[] {
  const scope = scopeOf(file);
  return [
    ...(file.enumType ?? []).map(({ name }) => `${scope}.${name}`),
    ...(file.messageType ?? []).flatMap((message) => typeNamesIn(message, scope)),
  ];
}

function typeNamesIn({ name, nestedType = [], enumType = [] }: IDescriptorProto, scope: string): string[] {
  const own = `${scope}.${name}`;
  return [
    own,
    ...enumType.map((one) => `${own}.${one.name}`),
    ...nestedType.flatMap((one) => typeNamesIn(one, own)),
  ];
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
