const WITH_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const EXAMPLE = "write for example 'bank.example:443' or 'http://127.0.0.1:50051'";

/**
 * Scheme, host and port of a service's target.
 * @param secure whether TLS is used if the target has no scheme
 * @throws TypeError that shows a valid target
 */
export function originOf(target: string, secure: boolean): string {
  const hasScheme = WITH_SCHEME.test(target);
  let url: URL;
  try {
    url = new URL(hasScheme ? target : `${secure ? 'https' : 'http'}://${target}`);
  } catch (cause) {
    throw new TypeError(`'${target}' is not a target: ${EXAMPLE}`, { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`'${target}' is not a target: gRPC goes to http: or https:; ${EXAMPLE}`);
  }
  if (!hasScheme && !/:\d+$/.test(target)) {
    throw new TypeError(`'${target}' is not a target: its port is missing; ${EXAMPLE}`);
  }
  if (url.pathname + url.search + url.hash !== '/' || url.username !== '') {
    throw new TypeError(`'${target}' is not a target: it has more than host and port; ${EXAMPLE}`);
  }
  if (url.port === '0') throw new TypeError(`'${target}' is not a target: nothing can be reached at port 0`);
  return url.origin;
}
