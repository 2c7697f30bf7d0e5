import protobuf from 'protobufjs';
import { addMissing } from '../merge.js';
import { builtIn } from './built-in.js';

/** The declarations of some .proto texts whose imports are all built in. */
export function rootOfTexts(...texts: readonly string[]): protobuf.Root {
  const root = new protobuf.Root();
  for (const text of texts) {
    for (const name of protobuf.parse(text, root).imports ?? []) addMissing(root, builtIn(name)!.nested);
  }
  root.resolveAll();
  return root;
}
