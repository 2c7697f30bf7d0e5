import type { Value } from './code.js';
import { firstFit, group, ifBroken, indent, join, line, softLine, type Doc } from './doc.js';
import { bracesDoc, valueDoc } from './literal.js';

/**
 * A call, laid out as prettier does. If it does not fit on a line, the object at its end breaks
 * first, then all arguments.
 * @param properties properties of an object as the last argument; undefined for no such argument
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
