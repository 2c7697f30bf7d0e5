import { ServerCredentials } from '@grpc/grpc-js';
import type { TlsFiles, TlsPair } from '../rest/tls-files.js';

/** The certificate of a server. A new one is for new connections. */
export class TlsCredentials extends ServerCredentials {
  /** No more certificates are taken. */
  readonly end: () => void;

  constructor(files: TlsFiles) {
    super({}, { ...files.pair });
    this.end = files.follow(({ cert, key }: TlsPair) => this.updateSecureContextOptions({ cert, key }));
  }

  override _equals(other: ServerCredentials): boolean {
    return other === this;
  }
}
