import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server as TlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { DrumlineError, messageOf } from '@drumline/model';

/** The files of a certificate and its key, in PEM format. */
export interface TlsPaths {
  readonly certPath: string;
  readonly keyPath: string;
}

/** How often the files are checked for changes. */
const CHECK_EVERY_MS = 2_000;

/** A certificate and its key, which are read again when their files change. */
export class TlsFiles {
  /** The contents. */
  pair: { readonly cert: Buffer; readonly key: Buffer };

  /** @throws DrumlineError `usage` if a file cannot be read, or the two do not fit */
  constructor(
    private readonly paths: TlsPaths,
    private readonly log: (line: string) => void,
  ) {
    this.pair = readPair(paths);
  }

  /** Replaces the certificate of a server when the files change, for new connections. */
  watch(server: TlsServer): void {
    const reload = (): void => {
      try {
        this.pair = readPair(this.paths);
        server.setSecureContext(this.pair);
        this.log('The control API uses the new certificate.');
      } catch (error) {
        // Both files do not change at once.
        this.log(`The control API keeps its certificate: ${messageOf(error)}.`);
      }
    };
    const { certPath, keyPath } = this.paths;
    for (const path of [certPath, keyPath])
      watchFile(path, { interval: CHECK_EVERY_MS, persistent: false }, reload);
    server.once('close', () => {
      for (const path of [certPath, keyPath]) unwatchFile(path, reload);
    });
  }
}

function readPair({ certPath, keyPath }: TlsPaths): { cert: Buffer; key: Buffer } {
  const cert = readPem('--tls-cert', certPath);
  const key = readPem('--tls-key', keyPath);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new DrumlineError(
      'usage',
      `--tls-cert, --tls-key: ${certPath} and ${keyPath} cannot be used: ${messageOf(error)}`,
      'Pass a certificate with its chain and its own key without a passphrase, both in PEM format.',
    );
  }
  return { cert, key };
}

function readPem(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new DrumlineError('usage', `${option}: the file cannot be read: ${messageOf(error)}`);
  }
}
