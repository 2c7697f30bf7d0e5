/** What a server asks for (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** Lower case: `basic`, `digest`, … */
  readonly scheme: string;
  /** By lower-case name, without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

const SEPARATORS = /[\s,]*/y;
const PARAM = /([\w!#$%&'*+\-.^`|~]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+\-.^`|~]+))/y;
/** A scheme, with the credentials that some (`Negotiate`) have in place of parameters. */
const SCHEME = /([\w!#$%&'*+\-.^`|~]+)(?:\s+[\w\-.~+/]+=*(?=\s*(?:,|$)))?/y;

/** The challenges of a `www-authenticate` header, as far as it can be read. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SEPARATORS);
    const params = challenges.at(-1)?.params;
    const param = params === undefined ? null : take(PARAM);
    if (param !== null) {
      params!.set(param[1]!.toLowerCase(), param[2]?.replace(/\\(.)/g, '$1') ?? param[3]!);
      continue;
    }
    const scheme = take(SCHEME);
    if (scheme === null) return challenges;
    challenges.push({ scheme: scheme[1]!.toLowerCase(), params: new Map() });
  }
}

/** `name="value", name=value`: what a server says beside a response to a request with credentials. */
export function parseParams(header: string): ReadonlyMap<string, string> {
  return parseChallenges(`info ${header}`)[0]!.params;
}
