import type { ApiRole } from '@drumline/model';
import { admissionCheck, roleRefusal, type Admission } from '../rest/guard.js';
import type { Refuse } from '../rest/refuse.js';
import { failure, type Failure } from './failure.js';

/** What admission depends on. A call of any kind has it. */
interface Call {
  readonly metadata: { get(name: string): (string | Buffer)[] };
  getHost(): string;
  getPeer(): string;
}

/** Why a call is refused, if it is. @param rest the request of REST that does the same */
export type RefusalOf = (call: Call, rest: string) => Failure | undefined;

const roles = new WeakMap<Call, ApiRole>();

/** The role with which a call was admitted. */
export function roleOfCall(call: Call): ApiRole {
  return roles.get(call) ?? 'view';
}

/**
 * The same rules as for a request of REST: a token in the metadata whose role allows the call, or a
 * loopback address.
 */
export function callCheck(admission: Admission, refuse: Refuse): RefusalOf {
  const admit = admissionCheck(admission);
  return (call, rest) => {
    const [authorization] = call.metadata.get('authorization');
    const headers = {
      host: call.getHost(),
      ...(authorization !== undefined && { authorization: String(authorization) }),
    };
    const admitted = admit({ headers });
    const [method = '', path] = rest.split(' ');
    const refusal = typeof admitted === 'string' ? roleRefusal(admitted, method, path) : admitted;
    if (typeof admitted === 'string') roles.set(call, admitted);
    if (!refusal) return undefined;
    refuse('request', `${refusal.what}, from ${call.getPeer()}`);
    return failure(refusal.code, refusal.error, refusal.hint);
  };
}
