import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Just enough X.509 for test certificates: no external tool, no checked-in keys, any validity. */

/** PEM texts. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly commonName: string;
  /** DNS names and IPv4 addresses. */
  readonly hosts?: readonly string[];
  /** Absent for a self-signed certificate. */
  readonly issuer?: Identity & { readonly commonName: string };
  readonly authority?: boolean;
  /** Days from now; negative ones are in the past. */
  readonly validDays?: readonly [from: number, to: number];
}

export function makeCertificate(options: CertificateOptions): Identity & { commonName: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [from, to] = options.validDays ?? [-1, 30];
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ECDSA_SHA256,
    distinguishedName(options.issuer?.commonName ?? options.commonName),
    sequence(utcTime(from), utcTime(to)),
    distinguishedName(options.commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(options))),
  );
  const signer: KeyObject = options.issuer === undefined ? privateKey : createPrivateKey(options.issuer.key);
  const signature = sign('sha256', toBeSigned, signer);
  const certificate = sequence(toBeSigned, ECDSA_SHA256, tagged(0x03, Buffer.from([0]), signature));
  const lines = certificate
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    commonName: options.commonName,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensions(options: CertificateOptions): Buffer[] {
  const basic = sequence(oid('551d13'), octets(options.authority === true ? sequence(TRUE) : sequence()));
  if (options.hosts === undefined) return [basic];
  const names = options.hosts.map((host) =>
    /^\d+(\.\d+){3}$/.test(host)
      ? tagged(0x87, Buffer.from(host.split('.').map(Number)))
      : tagged(0x82, Buffer.from(host)),
  );
  return [basic, sequence(oid('551d11'), octets(sequence(...names)))];
}

function tagged(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...contents: Uint8Array[]): Buffer => tagged(0x30, ...contents);
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes);
const octets = (bytes: Uint8Array): Buffer => tagged(0x04, bytes);
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));

const TRUE = tagged(0x01, Buffer.from([0xff]));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(commonName)))));
}

function utcTime(daysFromNow: number): Buffer {
  const iso = new Date(Date.now() + daysFromNow * 86_400_000).toISOString();
  return tagged(0x17, Buffer.from(`${iso.slice(2, 19).replace(/[-:T]/g, '')}Z`));
}
