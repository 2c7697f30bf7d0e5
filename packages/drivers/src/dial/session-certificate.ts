const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** `[3]`: the peer's certificate. */
const PEER = 0xa3;
const TLS_1_3 = 0x0304;

/**
 * The prefix that newer Node versions put before a session. The length of the host name in two
 * bytes and the name follow.
 */
const NODE_MARK = Buffer.from('\0nodejs:tls:session:1\0');

/** An element of DER (X.690): its tag and its position. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/**
 * Removes the target's certificate from a session that OpenSSL serialized (`SSL_SESSION`, crypto
 * `ssl_asn1.c`).
 *
 * OpenSSL parses that certificate again for every resumption. With the OpenSSL 3.0 of Node 20, this
 * costs a client more than the rest of the handshake; later versions need less.
 *
 * TLS 1.3 does not use the certificate. It was verified when the session began, and the key of the
 * session proves that the peer is the same (RFC 8446, section 4.6.1).
 *
 * @param session returned unchanged if it cannot be read, or is of an older TLS version, where a
 * handshake without a certificate counts as unverified
 */
export function withoutCertificate(session: Buffer): Buffer {
  const start = startOfSession(session);
  const whole = elementAt(session, start);
  if (whole?.tag !== SEQUENCE || whole.end !== session.length) return session;
  const fields = elementsIn(session, whole);
  if (fields === undefined || versionOf(session, fields[1]) !== TLS_1_3) return session;
  const kept = fields.filter(({ tag }) => tag !== PEER);
  if (kept.length === fields.length) return session;
  const content = Buffer.concat(kept.map((field) => session.subarray(field.start, field.end)));
  return Buffer.concat([session.subarray(0, start), headerOf(content.length), content]);
}

/** Tag and length of the element, in as few bytes as DER requires. */
function headerOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(SEQUENCE, length);
  if (length < 0x100) return Buffer.of(SEQUENCE, 0x81, length);
  return Buffer.of(SEQUENCE, 0x82, length >> 8, length & 0xff);
}

function startOfSession(bytes: Buffer): number {
  const { length } = NODE_MARK;
  if (bytes.length < length + 2 || !bytes.subarray(0, length).equals(NODE_MARK)) return 0;
  return length + 2 + bytes.readUInt16BE(length);
}

function versionOf(session: Buffer, field: Element | undefined): number | undefined {
  if (field?.tag !== INTEGER || field.end - field.content !== 2) return undefined;
  return session.readUInt16BE(field.content);
}

function elementsIn(bytes: Buffer, { content, end }: Element): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = content; at < end; at = elements.at(-1)!.end) {
    const element = elementAt(bytes, at);
    if (element === undefined || element.end > end) return undefined;
    elements.push(element);
  }
  return elements;
}

/** @returns undefined if it is incomplete, or longer than 64 KB */
function elementAt(bytes: Buffer, start: number): Element | undefined {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const content = start + 2 + lengthBytes;
  if (lengthBytes > 2 || first === 0x80 || content > bytes.length) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes);
  const end = content + length;
  return end > bytes.length ? undefined : { tag, start, content, end };
}
