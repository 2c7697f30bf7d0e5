import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { messageOf } from '@drumline/model';
import type { TlsOptions } from '../engine/settings.js';

/** OpenSSL's error reasons, and what they mean for the author of the options. */
const WORDS: Record<string, string> = {
  'no start line': 'cert is not PEM text (-----BEGIN CERTIFICATE-----…)',
  unsupported: 'key is not PEM text (-----BEGIN PRIVATE KEY-----…)',
  'bad decrypt': 'passphrase is missing or wrong',
  'key values mismatch': 'key does not belong to cert',
  'no cipher match': 'OpenSSL supports none of the ciphers',
};

const VERSIONS: readonly string[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** @throws TypeError that names the unusable option */
export function createTlsContext(options: TlsOptions): tls.SecureContext {
  const { cert, key, passphrase, maxVersion, ciphers } = options;
  const ca = typeof options.ca === 'string' ? [options.ca] : options.ca && [...options.ca];
  const minVersion = options.minVersion ?? (VERSIONS.indexOf(maxVersion!) < 2 ? maxVersion : undefined);
  ca?.forEach(checkAuthority);
  for (const name of options.alpn ?? []) {
    if (name === '' || Buffer.byteLength(name) > 255)
      throw unusable(`alpn: '${name}' is not a protocol name of 1 to 255 bytes`);
  }
  if (minVersion && maxVersion && VERSIONS.indexOf(minVersion) > VERSIONS.indexOf(maxVersion))
    throw unusable(`minVersion ${minVersion} is above maxVersion ${maxVersion}`);
  try {
    return tls.createSecureContext({ ca, cert, key, passphrase, minVersion, maxVersion, ciphers });
  } catch (error) {
    const { reason = '' } = error as { reason?: string };
    throw unusable(WORDS[reason] ?? messageOf(error), error);
  }
}

/** Node skips authorities that it cannot read, and every target would then be untrusted. */
function checkAuthority(text: string): void {
  try {
    void new X509Certificate(text);
  } catch (error) {
    throw unusable('ca is not PEM text (-----BEGIN CERTIFICATE-----…)', error);
  }
}

function unusable(what: string, cause?: unknown): TypeError {
  return new TypeError(`invalid TLS options: ${what}`, { cause });
}
