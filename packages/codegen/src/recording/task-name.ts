import { graphqlOperation } from './graphql.js';
import { sendsPassword } from './secrets.js';
import type { Step } from './step.js';
import { camelCase, singular, wordsOf } from './words.js';

/** Path segments that do not describe the resource. */
const GENERIC_SEGMENTS = /^(?:api|rest|graphql|gql|rpc|ajax|v\d+(?:\.\d+)*|\[id\]|)$/i;

/** Path segments that name an action. */
const ACTIONS =
  /^(?:log|sign)(?:in|out|up)$|^(?:register|search|checkout|pay|buy|order|subscribe|unsubscribe|confirm|cancel|submit|apply|verify|refresh|upload|import|export|validate|send)$/;
/** Path segments of logins, for requests that send a password. */
const LOGIN_PATHS = /^(?:auth|authenticate|authorize|sessions?|tokens?|log-?in|sign-?in)$/;

/** Path segments of forms for the preceding resource. */
const FORMS = /^(?:new|edit|add|create|delete|remove)$/;
const CONTAINERS = /^(?:cart|basket|bag|wishlist|favou?rites?)$/;

/** The name of a task: its page, or the action of its first changing request. */
export function taskNameOf(steps: readonly Step[]): string {
  const first = steps[0]!;
  const changing = steps.find(sendsPassword) ?? steps.find(({ method }) => method !== 'GET');
  const sendsForm = changing?.before?.some(({ kind }) => kind === 'sleep') === true;
  return nameOf(changing !== undefined && (sendsForm || !isPage(first)) ? changing : first);
}

/** The name of a constant for a response: `products`, `product`, `loginPage`. */
export function responseNameOf(step: Step): string {
  if (sendsPassword(step) && nameOf(step) === 'login') return 'login';
  const segments = step.pathName.split('/').filter((segment) => segment !== '');
  const words = wordsOf(segments.findLast((segment) => segment !== '[id]') ?? 'home');
  if (isPage(step)) return camelCase([...words, 'page']);
  const one = segments.at(-1) === '[id]' || step.method !== 'GET';
  return camelCase(one ? [...words.slice(0, -1), singular(words.at(-1)!)] : words);
}

function isPage({ method, response }: Step): boolean {
  return method === 'GET' && /\bhtml\b/.test(response?.mimeType ?? '');
}

function nameOf(step: Step): string {
  const operation = graphqlOperation(step.body);
  if (operation !== undefined) return camelCase(wordsOf(operation));
  const segments = step.pathName
    .split('/')
    .map((segment) => segment.replace(/\.(?:html?|php|aspx?|jsp|do|json)$/i, ''));
  const parts = segments.filter((segment) => !GENERIC_SEGMENTS.test(segment) && wordsOf(segment).length > 0);
  const last = parts.at(-1);
  if (last === undefined) return step.method === 'GET' ? 'home' : step.method.toLowerCase();
  const words = wordsOf(last);
  const one = [...words.slice(0, -1), singular(words.at(-1)!)];
  if (FORMS.test(last) && parts.length > 1)
    return camelCase([...words, singular(wordsOf(parts.at(-2)!).at(-1)!)]);
  if (step.method === 'GET' || step.method === 'HEAD')
    return camelCase(segments.at(-1) === '[id]' ? one : words);
  if (sendsPassword(step) && LOGIN_PATHS.test(last.toLowerCase())) return 'login';
  if (isAction(words)) return camelCase(words);
  const container = parts.findLast((part) => CONTAINERS.test(part.toLowerCase()));
  if (step.method === 'POST' && container !== undefined)
    return camelCase(['add', 'to', ...wordsOf(container)]);
  const verb = {
    POST: one.join() === words.join() ? 'post' : 'create',
    PUT: 'update',
    PATCH: 'update',
    DELETE: 'delete',
  }[step.method];
  return camelCase([verb ?? step.method.toLowerCase(), ...one]);
}

/** Whether words name an action instead of a resource: `checkout`, `logIn`. */
export function isAction(words: readonly string[]): boolean {
  return ACTIONS.test(words.join(''));
}
