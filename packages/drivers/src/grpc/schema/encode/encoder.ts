import protobuf from 'protobufjs';
import { normalise } from './normalise.js';
import type { MessageRules } from './message-rules.js';
import { rulesOf } from './rules.js';

/** More of them are not listed. */
const MAX_PROBLEMS = 10;

/** Encodes messages of a type and reports the problems of invalid ones: see `GrpcMethod.encode`. */
export function messageEncoder(type: protobuf.Type): (message: object) => Uint8Array {
  let rules: MessageRules | undefined;
  return (message) => {
    rules ??= rulesOf(type);
    return type.encode(rules.isReady(message, 0) ? message : normalised(message, rules)).finish();
  };
}

function normalised(message: object, rules: MessageRules): object {
  const problems: string[] = [];
  const result = normalise(message, rules, problems);
  if (problems.length === 0) return result;
  const listed = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > MAX_PROBLEMS) listed.push(`and ${problems.length - MAX_PROBLEMS} more`);
  const name = rules.type.fullName.slice(1);
  throw new TypeError(
    problems.length === 1
      ? `${name}: ${problems[0]}`
      : `${name}:\n${listed.map((line) => `  ${line}`).join('\n')}`,
  );
}
