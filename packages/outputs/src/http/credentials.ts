import { readFileSync } from 'node:fs';
import { messageOf } from '@drumline/model';
import { AwsSigner } from '@drumline/drivers/aws-signature';
import type { OptionReader } from '../option-reader.js';
import type { OutputOption } from '../output.js';
import type { PostRequest } from './post.js';

/** Adds what proves who sends a request. */
type Authenticate = (request: PostRequest) => PostRequest;

/** The service of Amazon Managed Service for Prometheus. */
const DEFAULT_AWS_SERVICE = 'aps';

/** Options that contain credentials. */
export interface Credentials {
  readonly url: URL;
  readonly authenticate: Authenticate;
}

/**
 * Reads how requests to a URL are authenticated: basic by user and password in the URL, bearer by
 * `token`, `token-file` or `token-env`, or AWS Signature Version 4 by `sigv4`.
 */
export function readCredentials(reader: OptionReader, text: string): Credentials | undefined {
  const url = readUrl(reader, text);
  const token = readSecret(reader, 'token');
  const sign = readSigner(reader);
  if (url === undefined) return undefined;
  const basic = url.username === '' ? undefined : basicOf(url);
  if ([token, sign, basic].filter((one) => one !== undefined).length > 1)
    reader.problem('only one of a user in the URL, a token and sigv4 can be used');
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const authorization = token === undefined ? basic : `Bearer ${token}`;
  return {
    url: bare,
    authenticate:
      sign ??
      ((request) =>
        authorization === undefined
          ? request
          : { ...request, headers: { ...request.headers, authorization } }),
  };
}

function readUrl(reader: OptionReader, text: string): URL | undefined {
  if (text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  reader.problem('the URL must begin with http:// or https://');
  return undefined;
}

/** Options of `readSecret` for a token. @param text what the token is for */
export function tokenOptions(text: string): readonly OutputOption[] {
  return [
    { name: 'token', text },
    { name: 'token-file', text: 'The file that contains the token' },
    { name: 'token-env', text: 'The environment variable that contains the token' },
  ];
}

/** Options of `readCredentials`. */
export const CREDENTIAL_OPTIONS: readonly OutputOption[] = [
  ...tokenOptions('A bearer token'),
  { name: 'sigv4', text: 'Sign with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' },
  { name: 'region', text: 'The region for sigv4', standard: 'AWS_REGION' },
  { name: 'service', text: 'The service for sigv4', standard: DEFAULT_AWS_SERVICE },
];

/** The option of `readHeaders`. */
export const HEADER_OPTION: OutputOption = {
  name: 'header-NAME',
  text: 'A header of each request, such as header-x-scope-orgid=team-a',
};

/** A secret from an option, from the file that `NAME-file` names, or a variable by `NAME-env`. */
export function readSecret(reader: OptionReader, name: string): string | undefined {
  const secret = reader.text(name);
  const file = reader.text(`${name}-file`);
  const variable = reader.text(`${name}-env`);
  if (secret !== undefined) return secret;
  if (variable !== undefined) {
    const value = process.env[variable];
    if (value === undefined || value === '') reader.problem(`the variable ${variable} is not set`);
    return value;
  }
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    reader.problem(`option ${name}-file: ${messageOf(error)}`);
    return undefined;
  }
}

function basicOf({ username, password }: URL): string {
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** Headers named by options: `header-x-scope-orgid=team-a`. */
export function readHeaders(
  reader: OptionReader,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const option of Object.keys(options)) {
    if (!option.startsWith('header-')) continue;
    const name = option.slice('header-'.length).toLowerCase();
    const value = reader.text(option, '');
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) reader.problem(`option ${option} names no valid header`);
    else if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) reader.problem(`option ${option} has no valid value`);
    else headers[name] = value;
  }
  return headers;
}

/** Keys come from the variables of AWS' own tools. */
function readSigner(reader: OptionReader): Authenticate | undefined {
  const isSigned = reader.flag('sigv4');
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    process.env;
  const region = reader.text('region') ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? '';
  const service = reader.text('service', DEFAULT_AWS_SERVICE);
  if (!isSigned) return undefined;
  const [accessKeyId = '', secretAccessKey = ''] = [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY];
  if (region === '') reader.problem('sigv4 needs the option region, or the variable AWS_REGION');
  if (accessKeyId === '' || secretAccessKey === '')
    reader.problem('sigv4 needs the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const signer = new AwsSigner({
    region,
    service,
    accessKeyId,
    secretAccessKey,
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  });
  return (request) => {
    const { url, headers, body } = request;
    const signed = signer.signed({
      method: 'POST',
      origin: url.origin,
      path: url.pathname + url.search,
      headers: Object.entries(headers).flat(),
      body,
    });
    return { url: new URL(signed.path, url), body, headers: pairs(signed.headers) };
  };
}

function pairs(flat: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) headers[flat[i]!] = flat[i + 1]!;
  return headers;
}
