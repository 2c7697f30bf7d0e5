import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { DrumlineError, messageOf } from '@drumline/model';

/** The files of a certificate and its key, in PEM format. */
export interface TlsPaths {
  readonly certPath: string;
  readonly keyPath: string;
}

/** How often the files are checked for changes. */
const CHECK_EVERY_MS = 2_000;

/** The contents of the files. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate and its key, which are read again when their files change. */
export class TlsFiles {
  pair: TlsPair;
  private readonly servers = new Set<(pair: TlsPair) => void>();

  /** @throws DrumlineError `usage` if a file cannot be read, or the two do not fit */
  constructor(
    private readonly paths: TlsPaths,
    private readonly log: (line: string) => void,
  ) {
    this.pair = readPair(paths);
  }

  /**
   * Gives a new certificate to a server when the files change.
   * @returns ends it
   */
  follow(replace: (pair: TlsPair) => void): () => void {
    if (this.servers.size === 0) this.watch();
    this.servers.add(replace);
    return () => {
      this.servers.delete(replace);
      if (this.servers.size === 0) this.unwatch();
    };
  }

  private watch(): void {
    for (const path of [this.paths.certPath, this.paths.keyPath])
      watchFile(path, { interval: CHECK_EVERY_MS, persistent: false }, this.reload);
  }

  private unwatch(): void {
    for (const path of [this.paths.certPath, this.paths.keyPath]) unwatchFile(path, this.reload);
  }

  private readonly reload = (): void => {
    try {
      this.pair = readPair(this.paths);
      for (const replace of this.servers) replace(this.pair);
      this.log('The control API uses the new certificate.');
    } catch (error) {
      // Both files do not change at once.
      this.log(`The control API keeps its certificate: ${messageOf(error)}.`);
    }
  };
}

function readPair({ certPath, keyPath }: TlsPaths): TlsPair {
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
