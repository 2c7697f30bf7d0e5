import { graphqlOperation } from './graphql.js';
import { sendsPassword } from './secrets.js';
import type { Step } from './step.js';
import { camelCase, singular, wordsOf } from './words.js';

/** Parts of paths that do not describe the resource. */
const PLUMBING = /^(?:api|rest|graphql|gql|rpc|ajax|v\d+(?:\.\d+)*|\[id\]|)$/i;

/** Last words of paths that name an action. */
const DEEDS =
  /^(?:log|sign)(?:in|out|up)$|^(?:register|search|checkout|pay|buy|order|subscribe|unsubscribe|confirm|cancel|submit|apply|verify|refresh|upload|import|export|validate|send)$/;
const DOORS = /^(?:auth|authenticate|authorize|sessions?|tokens?|log-?in|sign-?in)$/;

/** Pages with a form for what stands before them. */
const FORMS = /^(?:new|edit|add|create|delete|remove)$/;
const CONTAINERS = /^(?:cart|basket|bag|wishlist|favou?rites?)$/;

/** What a person would call these requests: by the page that was opened, or by what was changed. */
export function taskNameOf(steps: readonly Step[]): string {
  const first = steps[0]!;
  const changing = steps.find(sendsPassword) ?? steps.find(({ method }) => method !== 'GET');
  const sendsForm = changing?.before?.some(({ kind }) => kind === 'sleep') === true;
  return nameOf(changing !== undefined && (sendsForm || !isPage(first)) ? changing : first);
}

/** What a person would call the response: `products`, `product`, `loginPage`. */
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
  const parts = segments.filter((segment) => !PLUMBING.test(segment) && wordsOf(segment).length > 0);
  const last = parts.at(-1);
  if (last === undefined) return step.method === 'GET' ? 'home' : step.method.toLowerCase();
  const words = wordsOf(last);
  const one = [...words.slice(0, -1), singular(words.at(-1)!)];
  if (FORMS.test(last) && parts.length > 1)
    return camelCase([...words, singular(wordsOf(parts.at(-2)!).at(-1)!)]);
  if (step.method === 'GET' || step.method === 'HEAD')
    return camelCase(segments.at(-1) === '[id]' ? one : words);
  if (sendsPassword(step) && DOORS.test(last.toLowerCase())) return 'login';
  if (isDeed(words)) return camelCase(words);
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

/** Whether words name an action, not a resource: `checkout`, `logIn`. */
export function isDeed(words: readonly string[]): boolean {
  return DEEDS.test(words.join(''));
}
