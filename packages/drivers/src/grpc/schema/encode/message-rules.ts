import type protobuf from 'protobufjs';
import type { Scalar } from './scalars.js';

/** The rule for the values of one field. */
export interface FieldRule {
  /** The name in protobufjs: camel case. */
  readonly name: string;
  readonly shape: 'one' | 'list' | 'map';
  /** Whether `null` is a value of the field; otherwise it means an absent field. */
  readonly takesNull: boolean;
  /** The rule for its value, or for each element. Exactly one of the two is set. */
  readonly scalar?: Scalar | undefined;
  readonly message?: MessageRules | undefined;
  /** Whether a string can be a key; only for maps. */
  readonly isKey?: ((key: string) => boolean) | undefined;
}

/** The rules of a message. Fields are read late, because messages may contain themselves. */
export interface MessageRules {
  readonly type: protobuf.Type;
  /** By the names that protobufjs encodes. */
  readonly fields: ReadonlyMap<string, FieldRule>;
  /**
   * By every name: as in protobufjs, in the .proto file and in JSON; extensions as
   * `[package.name]`.
   */
  readonly aliases: ReadonlyMap<string, FieldRule>;
  /** Required fields of proto2. */
  readonly required: readonly string[];
  /** Names of fields of which at most one may be set, by the name of their oneof. */
  readonly oneofs: readonly (readonly [oneof: string, fields: readonly string[]])[];
  readonly isReady: ReadyTest;
}

/** Whether protobufjs can encode a message unchanged. */
export type ReadyTest = (message: unknown, depth: number) => boolean;
