/**
 * OAuth 2 with client credentials (RFC 6749, section 4.4). Each lane fetches a token before its
 * users start, shares it among them, and renews it before it expires.
 */
export interface OAuth2Settings {
  /** URL of the token endpoint: absolute, or relative to the target. */
  readonly tokenUrl: string;
  /** Id of the client. */
  readonly clientId: string;
  /** Secret of the client. Take it from `secrets`. */
  readonly clientSecret: string;
  /** Requested scope: names separated by spaces. Default: none. */
  readonly scope?: string;
  /** Further fields of the token request, such as `audience`. */
  readonly params?: Readonly<Record<string, string>>;
  /** Whether id and secret are sent in a Basic header or in the body. Default `basic`. */
  readonly clientAuth?: 'basic' | 'body';
  /** Origins that receive the token, such as `https://api.example`. Default: the target. */
  readonly origins?: readonly string[];
}

/** Signs requests with AWS Signature Version 4. */
export interface AwsSignatureSettings {
  /** Region, such as `eu-central-1`. */
  readonly region: string;
  /** Service, such as `execute-api`, `s3` or `lambda`. */
  readonly service: string;
  /** Id of the access key. */
  readonly accessKeyId: string;
  /** Secret access key. Take it from `secrets`. */
  readonly secretAccessKey: string;
  /** Token of temporary credentials. Default: none. */
  readonly sessionToken?: string;
  /** Origins whose requests are signed. Default: the target. */
  readonly origins?: readonly string[];
}

/**
 * Sends `traceparent` headers (W3C Trace Context). A call with a `traceparent` of its own keeps it,
 * and belongs to its trace.
 */
export interface TracingSettings {
  /** The part of the calls that get a trace, 0 to 1. They are chosen at random. */
  readonly sample: number;
}
