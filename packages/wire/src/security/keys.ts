import { hkdfSync, randomBytes } from 'node:crypto';
import { readCredential, writeCredential } from './credential.js';
import { curveClient, curvePublicKey, curveServer, type CurveClient, type CurveServer } from './curve.js';

/**
 * The master's key: 32 random bytes, from which all other credentials are derived (HKDF, RFC 5869).
 * The classes in this file hold their secrets in private fields, so that they are never printed or
 * serialized by accident.
 */
export class MasterKey {
  readonly #seed: Buffer;

  private constructor(seed: Buffer) {
    this.#seed = seed;
  }

  static generate(): MasterKey {
    return new MasterKey(randomBytes(32));
  }

  /** @throws DrumlineError `usage`, see `readCredential` */
  static parse(text: string, where: string): MasterKey {
    return new MasterKey(readCredential('key', text, where));
  }

  get text(): string {
    return writeCredential('key', this.#seed);
  }

  get workerToken(): WorkerToken {
    return WorkerToken.of(curvePublicKey(this.#derive('server')), this.#derive('workers'));
  }

  get apiToken(): ApiToken {
    return ApiToken.of(this.#derive('api'));
  }

  /** CURVE options of the master. */
  get server(): CurveServer {
    return curveServer(this.#derive('server'));
  }

  /** The public key of workers with the token of this key, 32 bytes. */
  get workersPublicKey(): Buffer {
    return curvePublicKey(this.#derive('workers'));
  }

  #derive(purpose: 'server' | 'workers' | 'api'): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#seed, '', `drumline ${purpose}`, 32));
  }
}

/** The worker token: the master’s public key, and the secret key that all workers share. */
export class WorkerToken {
  readonly #serverPublicKey: Buffer;
  readonly #secretKey: Buffer;

  private constructor(serverPublicKey: Buffer, secretKey: Buffer) {
    this.#serverPublicKey = serverPublicKey;
    this.#secretKey = secretKey;
  }

  static of(serverPublicKey: Buffer, secretKey: Buffer): WorkerToken {
    return new WorkerToken(serverPublicKey, secretKey);
  }

  /** @throws DrumlineError `usage`, see `readCredential` */
  static parse(text: string, where: string): WorkerToken {
    const bytes = readCredential('token', text, where);
    return new WorkerToken(bytes.subarray(0, 32), bytes.subarray(32));
  }

  get text(): string {
    return writeCredential('token', Buffer.concat([this.#serverPublicKey, this.#secretKey]));
  }

  /** CURVE options of a worker. */
  get client(): CurveClient {
    return curveClient(this.#serverPublicKey, this.#secretKey);
  }
}

/** The token of the control API. Its text is used as bearer token (RFC 6750). */
export class ApiToken {
  readonly #secret: Buffer;

  private constructor(secret: Buffer) {
    this.#secret = secret;
  }

  static of(secret: Buffer): ApiToken {
    return new ApiToken(secret);
  }

  /** @throws DrumlineError `usage`, see `readCredential` */
  static parse(text: string, where: string): ApiToken {
    return new ApiToken(readCredential('api', text, where));
  }

  get text(): string {
    return writeCredential('api', this.#secret);
  }
}
