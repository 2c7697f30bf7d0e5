/** An authentication challenge (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** Lower case: `basic`, `digest`, … */
  readonly scheme: string;
  /** By lower-case name, without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

const SEPARATORS = /[\s,]*/y;
const PARAM = /([\w!#$%&'*+\-.^`|~]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+\-.^`|~]+))/y;
/** A scheme, with the token68 that some (`Negotiate`) have instead of parameters. */
const SCHEME = /([\w!#$%&'*+\-.^`|~]+)(?:\s+[\w\-.~+/]+=*(?=\s*(?:,|$)))?/y;

/** The challenges of a `www-authenticate` header, up to the first unreadable part. */
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

/** Parses parameters such as `name="value", name=value`. */
export function parseParams(header: string): ReadonlyMap<string, string> {
  return parseChallenges(`info ${header}`)[0]!.params;
}
