import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ApiRole, RoleTokens } from '@drumline/model';
import { apiCredentialKind, readCredential, writeCredential, type ApiCredentialKind } from './credential.js';
import { curveClient, curvePublicKey, curveServer, type CurveClient, type CurveServer } from './curve.js';

/** Lengths of AES-GCM (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

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

  /** The token for administration, which allows everything. */
  get apiToken(): ApiToken {
    return this.apiTokens.admin;
  }

  /** The tokens of the control API by role. */
  get apiTokens(): Readonly<Record<ApiRole, ApiToken>> {
    return {
      view: ApiToken.of(this.#derive('api-view'), 'api-view'),
      run: ApiToken.of(this.#derive('api-run'), 'api-run'),
      admin: ApiToken.of(this.#derive('api'), 'api'),
    };
  }

  /** The texts of these tokens. */
  get roleTokens(): RoleTokens {
    const { view, run, admin } = this.apiTokens;
    return { view: view.text, run: run.text, admin: admin.text };
  }

  /** CURVE options of the master. */
  get server(): CurveServer {
    return curveServer(this.#derive('server'));
  }

  /** The public key of workers with the token of this key, 32 bytes. */
  get workersPublicKey(): Buffer {
    return curvePublicKey(this.#derive('workers'));
  }

  /** Encrypts bytes that rest on the disk. Only this key can open them. */
  seal(bytes: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#derive('disk'), nonce);
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @returns undefined if another key has sealed the bytes, or if they have changed */
  open(sealed: Uint8Array): Buffer | undefined {
    try {
      const [from, to] = [NONCE_BYTES, NONCE_BYTES + TAG_BYTES];
      const cipher = createDecipheriv('aes-256-gcm', this.#derive('disk'), sealed.subarray(0, from));
      cipher.setAuthTag(sealed.subarray(from, to));
      return Buffer.concat([cipher.update(sealed.subarray(to)), cipher.final()]);
    } catch {
      return undefined;
    }
  }

  #derive(purpose: 'server' | 'workers' | ApiCredentialKind | 'disk'): Buffer {
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

/** A token of the control API. Its text is used as bearer token (RFC 6750). */
export class ApiToken {
  readonly #secret: Buffer;

  private constructor(
    secret: Buffer,
    private readonly kind: ApiCredentialKind,
  ) {
    this.#secret = secret;
  }

  static of(secret: Buffer, kind: ApiCredentialKind): ApiToken {
    return new ApiToken(secret, kind);
  }

  /** @throws DrumlineError `usage`, see `readCredential` */
  static parse(text: string, where: string): ApiToken {
    const kind = apiCredentialKind(text);
    return new ApiToken(readCredential(kind, text, where), kind);
  }

  get text(): string {
    return writeCredential(this.kind, this.#secret);
  }
}
