/**
 * What a schema (`./schema`) gives to clients (`./client`): services, methods, and messages as
 * bytes and back.
 */

/** How many messages go either way. */
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
   * A plain object (names in camel case as protobufjs has them, or as in the .proto file) as bytes.
   * @throws TypeError that names each wrong or unknown field with its path: `ids[3]: a number is
   * expected, not "x"`
   */
  readonly encode: (message: object) => Uint8Array;
  /** @throws Error if the bytes are no such message. The result holds no part of `bytes`. */
  readonly decode: (bytes: Uint8Array) => object;
}

export interface GrpcServiceSchema {
  /** `bank.Accounts` */
  readonly name: string;
  readonly methods: ReadonlyMap<string, GrpcMethod>;
}

/**
 * Everything that is known of some servers: .proto files, a protoset, or what a server says of
 * itself.
 */
export interface GrpcSchema {
  readonly services: ReadonlyMap<string, GrpcServiceSchema>;
  /** @throws TypeError that lists the services there are, the most alike first */
  service(name: string): GrpcServiceSchema;
  /**
   * The decoder of a message type by its full name, for rich error details; undefined if it is not
   * known.
   */
  decoder(typeName: string): ((bytes: Uint8Array) => object) | undefined;
  /**
   * Plain data from which `schemaFromJson` makes the same schema: this is what travels to the
   * workers.
   */
  toJson(): object;
}
