import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { readCredential, writeCredential } from './credential.js';
import { curveClient, curvePublicKey, curveServer, type CurveClient, type CurveServer } from './curve.js';

/**
 * What the master alone holds: 32 random bytes, from which all else is derived (HKDF, RFC 5869). Secrets of this class and of the
 * two below are private fields, so that none is printed or turned into JSON by accident.
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

  /** The master’s end of CURVE. */
  get server(): CurveServer {
    return curveServer(this.#derive('server'));
  }

  /** The public key that workers with this key’s token have, 32 bytes. */
  get workersPublicKey(): Buffer {
    return curvePublicKey(this.#derive('workers'));
  }

  #derive(purpose: 'server' | 'workers' | 'api'): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#seed, '', `drumline ${purpose}`, 32));
  }
}

/** What a worker needs to be let in: the master’s public key and the secret key that all workers share. */
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

  /** A worker’s end of CURVE. */
  get client(): CurveClient {
    return curveClient(this.#serverPublicKey, this.#secretKey);
  }
}

/** What a client of the control API needs: its text is the bearer token (RFC 6750). */
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

  /** Whether this text is the token; takes as long for a nearly right one as for any other. */
  matches(text: string): boolean {
    return timingSafeEqual(digest(text), digest(this.text));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
