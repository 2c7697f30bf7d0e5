import { listOf, must, object, oneOf, record, requiring, text, type Check } from './checks.js';
import type { AwsSignatureSettings, OAuth2Settings, TracingSettings } from './request-settings.js';

const origins = listOf(
  must(
    (value) => typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value),
    'is not an origin',
    "use a complete URL, such as 'https://api.example'",
  ),
);

/** Checks the settings of OAuth 2. */
export const oauth2: Check = requiring(
  ['tokenUrl', 'clientId', 'clientSecret'],
  object<OAuth2Settings>({
    tokenUrl: text,
    clientId: text,
    clientSecret: text,
    scope: text,
    params: record(must((value) => typeof value === 'string', 'is not a string')),
    clientAuth: oneOf('basic', 'body'),
    origins,
  }),
);

/** Checks the settings of AWS signatures. */
export const awsSignature: Check = requiring(
  ['region', 'service', 'accessKeyId', 'secretAccessKey'],
  object<AwsSignatureSettings>({
    region: text,
    service: text,
    accessKeyId: text,
    secretAccessKey: text,
    sessionToken: text,
    origins,
  }),
);

/** Checks the settings of traces. */
export const tracing: Check = requiring(
  ['sample'],
  object<TracingSettings>({
    sample: must(
      (value) => typeof value === 'number' && value >= 0 && value <= 1,
      'is not a number from 0 to 1',
      '0.01 is one call in a hundred',
    ),
  }),
);
