import { concat, isCode, type Text, type Value } from '../code/code.js';
import type { FormPart, RecordedBody, RecordedRequest } from '../recording/recorded.js';
import { stepOf } from '../recording/read-step.js';
import type { Step } from '../recording/step.js';
import type { CommandFiles } from './files.js';
import type { CurlOptions } from './options.js';

const FORM = 'application/x-www-form-urlencoded';

/** The steps of one set of options: one for each URL. */
export function stepsOf(options: CurlOptions, files: CommandFiles, problems: string[]): Step[] {
  if (options.urls.length === 0) problems.push('a command has no URL');
  const { maxTimeS, maxRedirects } = options;
  return options.urls.flatMap((text) => {
    const written = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
    if (!URL.canParse(written) || !/^https?:/i.test(written)) {
      problems.push(`'${text}' is no http or https URL`);
      return [];
    }
    const step = stepOf(requestOf(new URL(written), options, files));
    return [
      {
        ...step,
        headers: { ...step.headers, ...meantHeaders(options) },
        options: {
          ...(maxTimeS !== undefined && { timeoutMs: maxTimeS * 1_000 }),
          ...(maxRedirects !== undefined && maxRedirects >= 0 && { redirects: maxRedirects }),
        },
      },
    ];
  });
}

function requestOf(url: URL, options: CurlOptions, files: CommandFiles): RecordedRequest {
  const body = bodyOf(options, files);
  const login = options.user ?? userOf(url);
  const extra = [...options.query, ...(options.dataInQuery && body && !isCode(body.text) ? [body.text] : [])];
  for (const part of extra) url.search += `${url.search === '' ? '?' : '&'}${part}`;
  const sent = options.dataInQuery ? undefined : body;
  return {
    method: methodOf(options, sent),
    url,
    headers: [
      ...options.headers,
      ...(login === undefined ? [] : [options.digest ? digestHeader(login) : basicHeader(login)]),
      ...(options.bearer === undefined ? [] : [['authorization', `Bearer ${options.bearer}`] as const]),
      ...(options.range === undefined ? [] : [['range', `bytes=${options.range}`] as const]),
    ],
    body: sent && { ...sent, mimeType: headerOf(options, 'content-type') ?? sent.mimeType },
  };
}

function methodOf({ method, headOnly, upload }: CurlOptions, body: RecordedBody | undefined): string {
  if (method !== undefined) return method;
  if (headOnly) return 'HEAD';
  if (upload !== undefined) return 'PUT';
  return body === undefined ? 'GET' : 'POST';
}

/** What a browser would send by itself, but someone has written here. */
function meantHeaders(options: CurlOptions): { [name: string]: Value } {
  const cookie = options.cookie ?? headerOf(options, 'cookie');
  return {
    ...(cookie !== undefined && { cookie }),
    ...(options.userAgent !== undefined && { 'user-agent': options.userAgent }),
    ...(options.referer !== undefined && { referer: options.referer }),
  };
}

function bodyOf({ data, forms, upload }: CurlOptions, files: CommandFiles): RecordedBody | undefined {
  if (upload !== undefined) return { mimeType: '', text: files.content(upload) };
  if (forms.length > 0) {
    const parts = forms.map(({ text, literal }) => partOf(text, literal, files));
    return { mimeType: 'multipart/form-data', text: '', parts };
  }
  if (data.length === 0) return undefined;
  const isJson = data.some(({ kind }) => kind === 'json');
  const texts = data.map(({ kind, text }) => dataText(kind, text, files));
  if (texts.length > 1 && texts.some(isCode)) files.problems.push('a large file can only be the whole body');
  const whole = concat(texts.flatMap((text, index) => [index === 0 || isJson ? '' : '&', text]));
  return { mimeType: isJson ? 'application/json' : FORM, text: whole };
}

function dataText(kind: CurlOptions['data'][number]['kind'], text: string, files: CommandFiles): Text {
  if (kind === 'urlencode') return urlEncoded(text, files);
  if (kind === 'raw' || !text.startsWith('@')) return text;
  const content = files.content(text.slice(1));
  return kind === 'data' && !isCode(content) ? content.replaceAll(/[\r\n\0]/g, '') : content;
}

/** `name=content`, `=content`, `content`, `@file` or `name@file`. */
function urlEncoded(text: string, files: CommandFiles): string {
  const [, name = '', mark = '', content = text] = /^([^=@]*)([=@])(.*)$/s.exec(text) ?? [];
  const read = mark === '@' ? files.content(content) : content;
  const encoded = encodeURIComponent(isCode(read) ? '' : read).replaceAll('%20', '+');
  return name === '' ? encoded : `${name}=${encoded}`;
}

/** `name=value`, `name=@file;type=image/png;filename=x.png`, `name=<file` (the content as a value). */
function partOf(text: string, literal: boolean, files: CommandFiles): FormPart {
  const equals = text.indexOf('=');
  const [name, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
  if (literal) return { name, value };
  const contentType = /;type=([^;]+)/.exec(value)?.[1];
  const fileName = /;filename="?([^";]+)"?/.exec(value)?.[1];
  const [content = ''] = value.split(/;(?:type|filename|encoder|headers)=/);
  const path = content.slice(1).replaceAll(/^"|"$/g, '');
  if (content.startsWith('@')) {
    return {
      name,
      value: files.content(path),
      fileName: fileName ?? path.split(/[\\/]/).at(-1)!,
      contentType,
    };
  }
  const text_ = content.startsWith('<') ? files.content(path) : content;
  return { name, value: text_, fileName, contentType };
}

function headerOf({ headers }: CurlOptions, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function userOf({ username, password }: URL): string | undefined {
  return username === '' ? undefined : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

/** As a recording has it, but with the password. */
function digestHeader(login: string): readonly [string, string] {
  const [username = '', ...password] = login.split(':');
  return ['authorization', `Digest username="${username}", password="${password.join(':')}"`];
}

function basicHeader(login: string): readonly [string, string] {
  const text = login.includes(':') ? login : `${login}:`;
  return ['authorization', `Basic ${Buffer.from(text).toString('base64')}`];
}
