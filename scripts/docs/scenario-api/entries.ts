/**
 * What the page documents: the exported names, and every type of the workspace that their
 * signatures name.
 */
import { nameOf, type Declaration, type DeclarationFiles, type Node } from './declarations.js';
import type { Doc } from './doc.js';
import { HIDDEN, SUBJECTS } from './subjects.js';

export interface Member {
  /** Its name; nested ones with a dot, `user.index`. */
  readonly name: string;
  readonly file: string;
  readonly node: Node;
  readonly doc: Doc | undefined;
  readonly optional: boolean;
  /** The type of a property; undefined for a method. */
  readonly type: Node | undefined;
  readonly callable: boolean;
}

export interface Entry {
  readonly name: string;
  readonly exported: boolean;
  readonly declarations: readonly Declaration[];
  readonly members: readonly Member[];
}

export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Sorts everything that `entry` exports, and what it refers to, into the sections of the page. */
export function sectionsOf(files: DeclarationFiles, entry: string): Section[] {
  const exported = files.exportsOf(entry);
  const known = new Map<string, Entry>();
  const placed = new Set<string>(SUBJECTS.flatMap((subject) => subject.names));
  const listed = (name: string): boolean => placed.has(name);

  const visit = (name: string, declarations: readonly Declaration[]): Entry[] => {
    if (known.has(name)) return [];
    const members = membersOf(files, name, declarations);
    const one: Entry = { name, exported: exported.has(name), declarations, members };
    known.set(name, one);
    const found = referencesOf(files, one).flatMap(([other, itsOwn]) => visit(other, itsOwn));
    return [one, ...found];
  };

  const roots = [...SUBJECTS.flatMap(({ names }) => names), ...exported.keys()];
  const unplaced = [...exported.keys()].filter((name) => !listed(name));
  const groups = new Map<string, Entry[]>();
  for (const { title, names } of SUBJECTS) {
    const entries = names.flatMap((name) => {
      const declarations = exported.get(name) ?? known.get(name)?.declarations;
      return declarations ? visit(name, declarations) : [];
    });
    groups.set(title, entries);
  }
  for (const name of unplaced) groups.get(SUBJECTS[0]!.title)!.push(...visit(name, exported.get(name)!));

  const order = (entry: Entry): number => (listed(entry.name) ? roots.indexOf(entry.name) : Infinity);
  const all = [...groups].flatMap(([title, entries]) => entries.map((one) => ({ title, one })));
  return SUBJECTS.map(({ title, names }) => ({
    title,
    entries: all
      .filter((each) => (listed(each.one.name) ? names.includes(each.one.name) : each.title === title))
      .map(({ one }) => one)
      .sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b))),
  }));
}

/** Exported names, and their members, that have no docstring. */
export function undocumented(sections: readonly Section[]): string[] {
  return sections.flatMap(({ entries }) =>
    entries
      .filter(({ exported }) => exported)
      .flatMap(({ name, declarations, members }) => [
        ...(declarations.some(({ doc }) => hasText(doc)) ? [] : [name]),
        ...members
          .filter((member) => !members.some((one) => one.name === member.name && hasText(one.doc)))
          .map((member) => `${name}.${member.name}`),
      ]),
  );
}

function hasText(doc: Doc | undefined): boolean {
  return doc !== undefined && (doc.text !== '' || doc.returns !== undefined || doc.throws.length > 0);
}

function membersOf(files: DeclarationFiles, owner: string, declarations: readonly Declaration[]): Member[] {
  const hidden = HIDDEN[owner] ?? [];
  if (hidden.includes('*')) return [];
  return declarations.flatMap(({ file, node }) =>
    memberNodes(node)
      .flatMap((member) => readMember(files, file, member, ''))
      .filter(({ name, doc }) => doc?.internal !== true && !hidden.includes(name)),
  );
}

/**
 * The members of an interface, a class, or a constant with a type literal. A type alias has none.
 */
function memberNodes(node: Node): readonly Node[] {
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'ClassDeclaration')
    return (node['body'] as { body: Node[] }).body;
  if (node.type === 'VariableDeclarator') return literalMembers(typeOf(node['id'] as Node)) ?? [];
  return [];
}

function readMember(files: DeclarationFiles, file: string, node: Node, prefix: string): Member[] {
  if (!node['key'] || node['static'] || node['accessibility'] === 'private') return [];
  const name = prefix + nameOf(node['key'] as Node);
  if (name.includes('#') || name === 'constructor') return [];
  const accessor = node['kind'] === 'get' || node['kind'] === 'set';
  const type = accessor ? returnTypeOf(node) : typeOf(node);
  const nested = literalMembers(type);
  if (nested && nested.length > 0)
    return nested.flatMap((member) => readMember(files, file, member, `${name}.`));
  const method = node.type === 'TSMethodSignature' || (node.type === 'MethodDefinition' && !accessor);
  const callable = method || type?.type === 'TSFunctionType';
  const doc = files.docOf(file, node);
  return [{ name, file, node, doc, optional: node['optional'] === true, type, callable }];
}

function typeOf(node: Node): Node | undefined {
  return (node['typeAnnotation'] as { typeAnnotation: Node } | null)?.typeAnnotation;
}

function returnTypeOf(node: Node): Node | undefined {
  const body = (node['value'] ?? node) as { returnType?: { typeAnnotation: Node } };
  return body.returnType?.typeAnnotation;
}

function literalMembers(type: Node | undefined): Node[] | undefined {
  return type?.type === 'TSTypeLiteral' ? (type['members'] as Node[]) : undefined;
}

function referencesOf(files: DeclarationFiles, entry: Entry): [string, Declaration[]][] {
  const found = new Map<string, Declaration[]>();
  const look = (file: string, value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) look(file, one);
    else if (typeof value === 'object' && value !== null) {
      const node = value as Node;
      const named =
        node.type === 'TSTypeReference'
          ? (node['typeName'] as Node)
          : node.type === 'TSInterfaceHeritage'
            ? (node['expression'] as Node)
            : undefined;
      const declarations = named?.type === 'Identifier' && files.declarationsOf(file, nameOf(named));
      if (declarations) found.set(declarations[0]!.name, declarations);
      for (const key of Object.keys(node)) look(file, node[key]);
    }
  };
  for (const { file, node } of entry.declarations) {
    if (HIDDEN[entry.name]?.includes('*')) continue;
    if (memberNodes(node).length === 0) look(file, node);
    else look(file, [node['extends'], node['implements']]);
  }
  for (const { file, node } of entry.members) look(file, node);
  return [...found];
}
