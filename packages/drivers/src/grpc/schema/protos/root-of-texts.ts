import protobuf from 'protobufjs';
import { addMissing } from '../merge.js';
import { builtIn } from './built-in.js';

/** What the texts of some .proto files declare, whose imports are all built in. */
export function rootOfTexts(...texts: readonly string[]): protobuf.Root {
  const root = new protobuf.Root();
  for (const text of texts) {
    for (const name of protobuf.parse(text, root).imports ?? []) addMissing(root, builtIn(name)!.nested);
  }
  root.resolveAll();
  return root;
}
