import { createHash } from 'node:crypto';
import type { Challenge } from './challenges.js';

/** Names of `node:crypto` by lower-case name in a challenge. */
const HASHES: Readonly<Record<string, string | undefined>> = {
  md5: 'md5',
  'sha-256': 'sha256',
  'sha-512-256': 'sha512-256',
};

export interface Login {
  readonly username: string;
  readonly password: string;
}

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A digest challenge and the answers to it, one per request until the server sends a new one. See
 * RFC 7616; without `qop`, RFC 2069.
 */
export class DigestSession {
  #nonce: string;
  #count = 0;
  readonly #hash: (text: string) => string;
  /**
   * H(A1), the secret. With `-sess`, it is computed once and kept for later nonces (section 3.4.2).
   */
  readonly #secret: string;
  /** The fields that all answers share. */
  readonly #common: readonly string[];
  readonly #qop: boolean;

  /**
   * Undefined if the challenge is not supported.
   * @param cnonce random text
   */
  static answering(challenge: Challenge, login: Login, cnonce: string): DigestSession | undefined {
    const { scheme, params } = challenge;
    if (scheme !== 'digest' || !params.has('nonce')) return undefined;
    const [, name, sess] = /^(.*?)(-sess)?$/i.exec(params.get('algorithm') ?? 'MD5')!;
    const algorithm = HASHES[name!.toLowerCase()];
    const qop = params
      .get('qop')
      ?.toLowerCase()
      .split(/\s*,\s*/);
    if (algorithm === undefined || qop?.includes('auth') === false) return undefined;
    const hash = (text: string): string => createHash(algorithm).update(text).digest('hex');
    return new DigestSession(params, login, cnonce, {
      hash,
      sess: sess !== undefined,
      qop: qop !== undefined,
    });
  }

  private constructor(
    params: Challenge['params'],
    { username, password }: Login,
    private readonly cnonce: string,
    { hash, sess, qop }: { hash: (text: string) => string; sess: boolean; qop: boolean },
  ) {
    const realm = params.get('realm') ?? '';
    const [algorithm, opaque] = [params.get('algorithm'), params.get('opaque')];
    const userhash = params.get('userhash')?.toLowerCase() === 'true';
    const secret = hash(`${username}:${realm}:${password}`);
    this.#nonce = params.get('nonce')!;
    this.#hash = hash;
    this.#secret = sess ? hash(`${secret}:${this.#nonce}:${cnonce}`) : secret;
    this.#qop = qop;
    this.#common = [
      userhash ? `username=${quote(hash(`${username}:${realm}`))}, userhash=true` : nameOf(username),
      `realm=${quote(realm)}`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
      ...(qop ? ['qop=auth'] : []),
      ...(qop || sess ? [`cnonce=${quote(cnonce)}`] : []),
    ];
  }

  /** Uses a new nonce from the server (`nextnonce`, section 3.5). */
  renew(nonce: string): void {
    this.#nonce = nonce;
    this.#count = 0;
  }

  /**
   * The `authorization` header of the next request.
   * @param uri path and query as sent
   */
  authorization(method: string, uri: string): string {
    const count = (++this.#count).toString(16).padStart(8, '0');
    const request = this.#hash(`${method}:${uri}`);
    const middle = this.#qop ? `${this.#nonce}:${count}:${this.cnonce}:auth` : this.#nonce;
    const fields = [
      ...this.#common,
      `nonce=${quote(this.#nonce)}`,
      `uri=${quote(uri)}`,
      ...(this.#qop ? [`nc=${count}`] : []),
      `response="${this.#hash(`${this.#secret}:${middle}:${request}`)}"`,
    ];
    return `Digest ${fields.join(', ')}`;
  }
}

/** Encodes names outside ASCII by RFC 8187 (RFC 7616, section 3.4). */
function nameOf(username: string): string {
  return PLAIN.test(username)
    ? `username=${quote(username)}`
    : `username*=UTF-8''${encodeURIComponent(username).replace(/['()*]/g, percent)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
