import { createPrivateKey, createPublicKey } from 'node:crypto';
import { z85 } from './z85.js';

/** Socket options of a CURVE server. */
export interface CurveServer {
  readonly curveServer: true;
  readonly curveSecretKey: string;
}

/** Socket options of a CURVE client. */
export interface CurveClient {
  readonly curveServerKey: string;
  readonly curvePublicKey: string;
  readonly curveSecretKey: string;
}

/** The bytes before an X25519 private key in PKCS #8: RFC 8410, section 7. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** The public key of a secret key. CURVE uses X25519. */
export function curvePublicKey(secretKey: Uint8Array): Buffer {
  const key = Buffer.concat([PKCS8_PREFIX, secretKey]);
  const { x } = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x!, 'base64url');
}

export function curveServer(secretKey: Buffer): CurveServer {
  return { curveServer: true, curveSecretKey: z85(secretKey) };
}

export function curveClient(serverPublicKey: Buffer, secretKey: Buffer): CurveClient {
  return {
    curveServerKey: z85(serverPublicKey),
    curvePublicKey: z85(curvePublicKey(secretKey)),
    curveSecretKey: z85(secretKey),
  };
}
