import { optionKeys } from '@drumline/model';
import type { EventOptions, MultipartFile, RequestOptions } from './options.js';

const SHARED = {
  name: true,
  tags: true,
  headers: true,
  query: true,
  json: true,
  form: true,
  multipart: true,
  body: true,
  bodyLength: true,
  timeout: true,
  connectTimeout: true,
  firstByteTimeout: true,
  redirects: true,
  keepAlive: true,
  maxBodyBytes: true,
} as const;

export const REQUEST_KEYS = optionKeys<RequestOptions>({
  ...SHARED,
  expect: true,
  responseBody: true,
  decompress: true,
});

export const EVENT_KEYS = optionKeys<EventOptions>({
  ...SHARED,
  method: true,
  lastEventId: true,
  listenFor: true,
  reconnect: true,
});

export const MULTIPART_FILE_KEYS = optionKeys<MultipartFile>({
  content: true,
  filename: true,
  contentType: true,
});
