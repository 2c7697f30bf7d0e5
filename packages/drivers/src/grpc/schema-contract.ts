/**
 * What a schema (`./schema`) offers to clients (`./client`): services, methods, and the coding of
 * messages.
 */

/** Whether each side sends one message or a stream. */
export type MethodKind = 'unary' | 'serverStream' | 'clientStream' | 'bidiStream';

export interface GrpcMethod {
  /** `GetBalances` */
  readonly name: string;
  /** `/bank.Accounts/GetBalances` */
  readonly path: string;
  readonly kind: MethodKind;
  /** Full names, `bank.BalancesRequest`. */
  readonly requestType: string;
  readonly responseType: string;
  /**
   * Encodes a plain object. Names are in camel case as in protobufjs, or as in the .proto file.
   * @throws TypeError that names each wrong or unknown field with its path: `ids[3]: expected a
   * number, not "x"`
   */
  readonly encode: (message: object) => Uint8Array;
  /** @throws Error if the bytes are not such a message. The result holds no part of `bytes`. */
  readonly decode: (bytes: Uint8Array) => object;
  /** Decodes a request, for display. */
  readonly decodeRequest?: (bytes: Uint8Array) => object;
}

export interface GrpcServiceSchema {
  /** `bank.Accounts` */
  readonly name: string;
  readonly methods: ReadonlyMap<string, GrpcMethod>;
}

/** All services and messages of a schema, from .proto files, protosets or reflection. */
export interface GrpcSchema {
  readonly services: ReadonlyMap<string, GrpcServiceSchema>;
  /** @throws TypeError that lists the services of the schema, most similar first */
  service(name: string): GrpcServiceSchema;
  /**
   * The decoder of a message type by its full name, for rich error details; undefined if it is
   * unknown.
   */
  decoder(typeName: string): ((bytes: Uint8Array) => object) | undefined;
  /**
   * Plain data from which `schemaFromJson` makes the same schema. This form is sent to the workers.
   */
  toJson(): object;
}
