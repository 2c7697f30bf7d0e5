import type { SeriesKey } from '@drumline/model';
import type { ProtoWriter } from '../encoding/proto-writer.js';

/** An attribute. Numbers are integers. */
export type Attribute = readonly [name: string, value: string | number];
export type Attributes = readonly Attribute[];

/** The methods that `http.request.method` may have. */
const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
]);

/** The attributes of a server: the one that a URL as a name has, else the target. */
export function serverAttributes({ protocol, name }: SeriesKey, target: string | undefined): Attribute[] {
  if (protocol !== 'http') return [];
  const text = URL.canParse(name) ? name : target;
  if (text === undefined || !URL.canParse(text)) return [];
  const { hostname, port, protocol: scheme } = new URL(text);
  const number = port === '' ? (scheme === 'https:' ? 443 : 80) : Number(port);
  return [
    ['server.address', hostname],
    ['server.port', number],
  ];
}

/** The attributes of a series, by the semantic conventions where they have a name. */
export function attributesOfSeries({ protocol, method, name, user, tags }: SeriesKey): Attribute[] {
  const attributes: Attribute[] = [];
  if (protocol === 'http') {
    attributes.push(['http.request.method', METHODS.has(method) ? method : '_OTHER']);
    attributes.push(['url.template', name]);
  } else if (protocol === 'grpc') {
    attributes.push(['rpc.system.name', 'grpc'], ['rpc.method', name], ['drumline.method', method]);
  } else {
    attributes.push(['drumline.protocol', protocol], ['drumline.method', method], ['drumline.name', name]);
  }
  attributes.push(['drumline.user', user], ...attributesOfTags(tags));
  return attributes.filter(([, value]) => value !== '');
}

/** Tags keep their names, after a prefix. */
export function attributesOfTags(tags: SeriesKey['tags'] = []): Attribute[] {
  return tags.map(([name, value]) => [name === 'phase' ? 'drumline.phase' : `drumline.tag.${name}`, value]);
}

/** HTTP has numbers, and gRPC has names. */
export function statusAttribute(protocol: string, status: number | string): Attribute {
  if (protocol === 'grpc') return ['rpc.response.status_code', String(status)];
  if (protocol !== 'http') return ['drumline.status', String(status)];
  return ['http.response.status_code', Number.isInteger(Number(status)) ? Number(status) : String(status)];
}

/** Writes `KeyValue` messages. */
export function writeAttributes(writer: ProtoWriter, field: number, attributes: Attributes): void {
  for (const [name, value] of attributes) {
    writer.message(field, () => {
      writer.string(1, name);
      writer.message(2, () => {
        if (typeof value === 'number') writer.uint(3, value);
        else writer.string(1, value);
      });
    });
  }
}
