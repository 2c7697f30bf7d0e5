import { DrumlineError } from '@drumline/model';
import { AwsSigner } from '@drumline/drivers/aws-signature';

/** A request that stores an object. */
interface PutRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where reports are uploaded to. */
export interface Destination {
  /** The reports that it takes; undefined for all of them. */
  readonly only: string | undefined;
  /** For messages: without credentials. */
  readonly shown: string;
  put(name: string, runId: string, type: string, body: Uint8Array): PutRequest;
}

const HINT =
  'Write s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION in the environment, or a presigned https:// URL.';

/**
 * Reads the value of `--upload`.
 * @throws DrumlineError `usage` that never quotes a presigned URL, which is a secret
 */
export function readDestination(text: string, env: NodeJS.ProcessEnv): Destination {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 's3:' && url.host !== '') return bucketAt(url, env);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return presigned(url);
  throw new DrumlineError('usage', '--upload: the value is not an s3:// or https:// URL', HINT);
}

/** The reports by the end of an object's name. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  html: 'report.html',
  xml: 'junit.xml',
  md: 'summary.md',
};

/** One object: the report that the end of its name asks for, by default the result. */
function presigned(url: URL): Destination {
  const extension = url.pathname.split('.').at(-1)!.toLowerCase();
  return {
    only: BY_EXTENSION[extension] ?? 'result.json',
    shown: `${url.origin}${url.pathname}`,
    put: () => ({ url: url.href, headers: {} }),
  };
}

/** A prefix in a bucket of S3, or of a service like it at AWS_ENDPOINT_URL_S3. */
function bucketAt({ host: bucket, pathname }: URL, env: NodeJS.ProcessEnv): Destination {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const required = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const missing = required.filter((name) => given(name) === undefined);
  if (missing.length > 0)
    throw new DrumlineError(
      'usage',
      `--upload: ${missing.join(' and ')} must be set for s3://${bucket}`,
      HINT,
    );
  const region = given('AWS_REGION') ?? given('AWS_DEFAULT_REGION') ?? 'us-east-1';
  const endpoint = given('AWS_ENDPOINT_URL_S3') ?? given('AWS_ENDPOINT_URL');
  if (endpoint !== undefined && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ''))
    throw new DrumlineError('usage', 'AWS_ENDPOINT_URL_S3 is not an http or https URL', HINT);
  const { origin } = new URL(endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`);
  // Other services have one host name for all buckets.
  const folder = [endpoint === undefined ? '' : bucket, ...pathname.split('/')].filter((part) => part !== '');
  const sessionToken = given('AWS_SESSION_TOKEN');
  const signer = new AwsSigner({
    region,
    service: 's3',
    accessKeyId: given('AWS_ACCESS_KEY_ID')!,
    secretAccessKey: given('AWS_SECRET_ACCESS_KEY')!,
    ...(sessionToken !== undefined && { sessionToken }),
  });
  return {
    only: undefined,
    shown: `s3://${bucket}${pathname.replace(/\/+$/, '')}`,
    put: (name, runId, type, body) => {
      const path = `/${[...folder, runId, name].join('/')}`;
      const request = { method: 'PUT', origin, path, headers: ['content-type', type], body };
      const { headers } = signer.signed(request as Parameters<AwsSigner['signed']>[0]);
      const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]!]] : []));
      return { url: origin + path, headers: Object.fromEntries(pairs) as Record<string, string> };
    },
  };
}
