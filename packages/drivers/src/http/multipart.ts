import { randomBytes } from 'node:crypto';
import { requireKnownKeys } from '@drumline/model';
import { toBytes, type EncodedBody } from './bytes.js';
import { MULTIPART_FILE_KEYS } from './option-keys.js';
import type { MultipartFile, MultipartValue, RequestOptions } from './options.js';

/**
 * Encodes `multipart/form-data` like browsers. A Uint8Array without a file name is a plain field.
 */
export function encodeMultipart(fields: NonNullable<RequestOptions['multipart']>): EncodedBody {
  const boundary = `drumline-${randomBytes(12).toString('hex')}`;
  const pieces: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    for (const part of isList(value) ? value : [value]) {
      pieces.push(Buffer.from(partHead(boundary, name, part)), partContent(name, part), Buffer.from('\r\n'));
    }
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { bytes: Buffer.concat(pieces), contentType: `multipart/form-data; boundary=${boundary}` };
}

function partHead(boundary: string, name: string, part: MultipartValue): string {
  const file: Partial<MultipartFile> = isFile(part) ? part : {};
  requireKnownKeys(file, MULTIPART_FILE_KEYS, `multipart.${name}`);
  const filename = file.filename === undefined ? '' : `; filename="${quote(file.filename)}"`;
  const type = file.contentType ?? (file.filename === undefined ? undefined : 'application/octet-stream');
  return [
    `--${boundary}`,
    `content-disposition: form-data; name="${quote(name)}"${filename}`,
    ...(type === undefined ? [] : [`content-type: ${type.replace(/[\r\n]/g, ' ')}`]),
    '\r\n',
  ].join('\r\n');
}

function partContent(name: string, part: MultipartValue): Uint8Array {
  return toBytes(isFile(part) ? part.content : part, `multipart.${name}`);
}

function isFile(part: MultipartValue): part is MultipartFile {
  return typeof part === 'object' && !ArrayBuffer.isView(part) && 'content' in part;
}

function isList(value: MultipartValue | readonly MultipartValue[]): value is readonly MultipartValue[] {
  return Array.isArray(value);
}

/** Escapes a name as the HTML standard requires. */
function quote(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
