import type { Value } from './code.js';
import { firstFit, group, ifBroken, indent, join, line, softLine, type Doc } from './doc.js';
import { bracesDoc, valueDoc } from './literal.js';

/**
 * A call in the layout of prettier: an object at the end breaks alone, unless the arguments before
 * it do not fit then.
 * @param properties of the object that is the last argument; undefined for none
 */
export function callDoc(callee: string, args: readonly Value[], properties?: readonly Doc[]): Doc {
  const docs = args.map(valueDoc);
  if (properties === undefined) return [callee, group(['(', allArguments(docs), ')'])];
  const all = [...docs, bracesDoc(properties)];
  const brokenLast = [...docs, bracesDoc(properties, { broken: true })];
  return [
    callee,
    firstFit(
      ['(', join(', ', all), ')'],
      ['(', join(', ', brokenLast), ')'],
      group(['(', allArguments(all), ')'], { broken: true }),
    ),
  ];
}

function allArguments(docs: readonly Doc[]): Doc {
  return [indent([softLine, join([',', line], docs)]), ifBroken(','), softLine];
}
