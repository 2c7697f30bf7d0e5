import { Code, concat } from '../code/code.js';
import { quote } from '../code/literal.js';
import { Names, type Scope } from '../code/names.js';
import type { Statement } from '../code/draft.js';
import { authWith, setHeader } from '../recording/authorization.js';
import { decode, replaceValues, type Slot, type Step } from '../recording/step.js';
import { responseNameOf } from '../recording/task-name.js';
import { camelCase, singular, wordsOf } from '../recording/words.js';
import { findLinks, sentValue, type Link } from './links.js';
import { codeOf, readStatements, type Variable } from './reads.js';

/** Steps that read values from responses, and the user state that holds these values. */
export interface Correlated {
  readonly functions: readonly (readonly Step[])[];
  readonly state: Readonly<Record<string, string | number>>;
}

/**
 * Replaces values that the server generated, such as tokens and ids, by code that reads them from
 * its responses. Within one function a value is a constant; for later functions it is stored in the
 * user's state. A value that many requests send in a header becomes a header of the user.
 * @param functions the steps of each function: `onStart`, then the tasks
 * @param scope scope of the module
 */
export function correlate(functions: readonly (readonly Step[])[], scope: Scope): Correlated {
  const steps = functions.flat();
  const functionOf = functions.flatMap((own, index) => own.map(() => index));
  const links = findLinks(steps);
  const stateNames = new Names();
  const localNames = functions.map(() => scope.inner());
  const plans = links.map((link): Plan => {
    const readIn = functionOf[link.leaf.step]!;
    const header = sharedHeader(link);
    const inState = link.uses.some(
      ({ step, slot }) => functionOf[step] !== readIn && !(slot.place === 'header' && slot.key === header),
    );
    const name = (inState ? stateNames : localNames[readIn]!).take(nameOf(link));
    return { link, header, variable: { leaf: link.leaf, inState, name } };
  });
  const changed = steps.map((step, index) => {
    const read = plans.filter(({ link }) => link.leaf.step === index);
    const replaced = withoutSharedHeaders(
      withCookies(withCode(step, index, plans), steps.slice(0, index)),
      index,
      plans,
    );
    return read.length === 0 ? replaced : withReads(replaced, read, localNames[functionOf[index]!]!);
  });
  const inState = plans.filter(({ variable }) => variable.inState);
  return {
    functions: functions.map((_, own) => changed.filter((_step, index) => functionOf[index] === own)),
    state: Object.fromEntries(
      inState.map(({ variable: { name, leaf } }) => [name, typeof leaf.value === 'number' ? 0 : '']),
    ),
  };
}

interface Plan {
  readonly link: Link;
  readonly variable: Variable;
  /** The header that is set once for all later requests. */
  readonly header: string | undefined;
}

/**
 * The name of a header that carries the value: `authorization`, or one sent by several requests.
 */
function sharedHeader({ uses }: Link): string | undefined {
  const names = uses.flatMap(({ slot }) => (slot.place === 'header' ? [slot.key] : []));
  return names.find((name, index) => name === 'authorization' || names.indexOf(name) !== index);
}

function isUsedIn({ link }: Plan, index: number, { place, key, value }: Slot): boolean {
  return link.uses.some(
    ({ step, slot }) => step === index && slot.place === place && slot.key === key && slot.value === value,
  );
}

function withCode(step: Step, index: number, plans: readonly Plan[]): Step {
  return replaceValues(step, (slot) => {
    const plan = plans.find((one) => isUsedIn(one, index, slot));
    if (plan === undefined) return slot.value;
    return concat([schemeOf(slot), codeOf(plan.variable)]);
  });
}

/** The authentication scheme before the value, such as `Bearer `; empty for none. */
function schemeOf(slot: Slot): string {
  const text = String(slot.value);
  return text.slice(0, text.length - sentValue(slot).length);
}

function withoutSharedHeaders(step: Step, index: number, plans: readonly Plan[]): Step {
  const removed = plans
    .filter(({ link }) => link.uses.some((use) => use.step === index))
    .map(({ header }) => header);
  const headers = Object.entries(step.headers).filter(([name]) => !removed.includes(name));
  return { ...step, headers: Object.fromEntries(headers) };
}

/** Replaces headers that repeat the value of a cookie (CSRF protection). */
function withCookies(step: Step, earlier: readonly Step[]): Step {
  const cookies = earlier.flatMap(({ response }) => Object.entries(response?.cookies ?? {}));
  return replaceValues(step, ({ place, value }) => {
    const found = cookies.findLast(([, cookie]) => cookie.length >= 8 && decode(cookie) === value);
    if (place !== 'header' || found === undefined) return value;
    const [name, cookie] = found;
    const get = `http.cookies.get(${quote(name)})`;
    return new Code(cookie === value ? get : `decodeURIComponent(${get} ?? '')`, ['http']);
  });
}

function withReads(step: Step, plans: readonly Plan[], scope: Scope): Step {
  const wanted = responseNameOf(step);
  const into = scope.take(scope.has(wanted) ? `${wanted}Response` : wanted);
  const reads = readStatements(
    into,
    plans.map(({ variable }) => variable),
  );
  const headerStatements = plans.flatMap(({ header, link, variable }) => {
    const use = link.uses.find(({ slot }) => slot.place === 'header' && slot.key === header);
    return use === undefined ? [] : [setOnce(use.slot, codeOf(variable))];
  });
  return { ...step, into, after: [...reads, ...headerStatements] };
}

function setOnce(slot: Slot, code: Code): Statement {
  const scheme = schemeOf(slot);
  if (slot.key === 'authorization' && /^bearer $/i.test(scheme)) return authWith({ bearer: code });
  return setHeader(slot.key, concat([scheme, code]));
}

/** The name of the variable: `productId`, `token`, `csrf`. */
function nameOf({ leaf, uses }: Link): string {
  const many = wordsOf(leaf.key);
  const isElement = typeof leaf.at.at(-1) === 'number';
  const words = isElement ? [...many.slice(0, -1), singular(many.at(-1) ?? 'value')] : many;
  const noun = leaf.noun || (uses[0]?.slot.noun ?? '');
  const bare = words.length <= 1 && /^(?:id|uuid|guid|code|slug|ref|handle|)$/.test(words[0] ?? '');
  return camelCase(
    bare && noun !== '' ? [...wordsOf(noun), ...(words.length === 0 ? ['id'] : words)] : words,
  );
}
