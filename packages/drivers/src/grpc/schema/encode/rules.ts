import protobuf from 'protobufjs';
import type { FieldRule, MessageRules, ReadyTest } from './message-rules.js';
import { compileReadyTest } from './ready.js';
import { enumScalar, SCALARS } from './scalars.js';
import { takesNull } from './well-known.js';

const known = new WeakMap<protobuf.Type, MessageRules>();

export function rulesOf(type: protobuf.Type): MessageRules {
  const there = known.get(type);
  if (there !== undefined) return there;
  const fields = new Map<string, FieldRule>();
  const aliases = new Map<string, FieldRule>();
  const rules: MessageRules & { isReady: ReadyTest } = {
    type,
    fields,
    aliases,
    required: type.fieldsArray.filter(({ required }) => required).map(({ name }) => name),
    oneofs: type.oneofsArray
      .filter(({ oneof }) => oneof.length > 1)
      .map(({ name, fieldsArray }) => [name, fieldsArray.map((field) => field.name)] as const),
    // Compiled for the first message of the type.
    isReady(message, depth) {
      this.isReady = compileReadyTest(this);
      return this.isReady(message, depth);
    },
  };
  known.set(type, rules);
  for (const field of type.fieldsArray) {
    const rule = ruleOf(field);
    fields.set(rule.name, rule);
    for (const alias of [field.jsonName, field.protoName, field.name, extensionName(field)])
      if (alias) aliases.set(alias, rule);
  }
  return rules;
}

function ruleOf(field: protobuf.Field): FieldRule {
  field.resolve();
  const { resolvedType, name } = field;
  const isMap = field instanceof protobuf.MapField;
  return {
    name,
    shape: isMap ? 'map' : field.repeated ? 'list' : 'one',
    takesNull: !isMap && !field.repeated && takesNull(resolvedType),
    scalar:
      resolvedType === null
        ? SCALARS[field.type]
        : resolvedType instanceof protobuf.Enum
          ? enumScalar(resolvedType)
          : undefined,
    message: resolvedType instanceof protobuf.Type ? rulesOf(resolvedType) : undefined,
    isKey: isMap ? keyTest(field.keyType) : undefined,
  };
}

function keyTest(type: string): (key: string) => boolean {
  if (type === 'string') return () => true;
  if (type === 'bool') return (key) => key === 'true' || key === 'false';
  const scalar = SCALARS[type]!;
  return (key) => /^-?\d+$/.test(key) && (scalar.isReady(Number(key)) || scalar.convert(key) !== undefined);
}

/** The name of an extension in JSON: `[bank.v1.branch_code]`. */
export function extensionName({ declaringField }: protobuf.Field): string | undefined {
  if (declaringField === null) return undefined;
  const { fullName, protoName, name } = declaringField;
  return `[${fullName.slice(1, fullName.length - name.length)}${protoName ?? name}]`;
}
