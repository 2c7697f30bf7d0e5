import type { ShapeAnswer } from '../index.js';

const EXPECTED = 'Return a number of users, an object such as { shopper: 500 }, or null to end the run.';

/**
 * The answer of a shape as plain data. Names and numbers are checked where the load is known.
 * @throws TypeError if it is nothing that a shape may return
 */
export function shapeAnswerOf(answer: unknown): ShapeAnswer {
  if (answer === null || typeof answer === 'number') return answer;
  if (typeof answer !== 'object' || Array.isArray(answer))
    throw new TypeError(`it returned ${nameOf(answer)}. ${EXPECTED}`);
  const users: Record<string, number> = {};
  for (const [name, count] of Object.entries(answer)) {
    if (typeof count === 'number') users[name] = count;
    else if (count !== undefined)
      throw new TypeError(`it returned ${nameOf(count)} for '${name}'. ${EXPECTED}`);
  }
  return users;
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return value === undefined || value === null ? String(value) : `a ${typeof value}`;
}
