import protobuf from 'protobufjs';

type NestedJson = protobuf.INamespace['nested'];

/**
 * Adds what a namespace does not have yet, because several files contain the same well-known types.
 */
export function addMissing(namespace: protobuf.NamespaceBase, nested: NestedJson): void {
  for (const [name, json] of Object.entries(nested ?? {})) {
    const there = namespace.get(name);
    if (there === null) namespace.addJSON({ [name]: json });
    else if (there instanceof protobuf.Namespace && isNamespace(json)) addMissing(there, json.nested);
  }
}

function isNamespace(json: protobuf.AnyNestedObject): json is protobuf.INamespace {
  return !['fields', 'values', 'methods', 'type'].some((key) => key in json);
}
