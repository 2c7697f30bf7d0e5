/**
 * Reads the built declaration files of the workspace's packages: the names that a package exports,
 * their declarations, and the meaning of a name within a file. oxc parses the files. There is no
 * type checker.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { docBefore, type Doc } from './doc.js';

const PACKAGES = fileURLToPath(new URL('../../../../packages/', import.meta.url));

/** A node of the syntax tree (ESTree with its TypeScript extension). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** One declaration of a name; overloads of a function are several. */
export interface Declaration {
  readonly name: string;
  readonly file: string;
  readonly node: Node;
  readonly doc: Doc | undefined;
}

interface Source {
  readonly file: string;
  /** The name in that file; undefined for the file's whole namespace. */
  readonly name: string | undefined;
}

interface Module {
  readonly text: string;
  readonly declared: Map<string, Declaration[]>;
  readonly imported: Map<string, Source>;
  readonly exported: Map<string, Source>;
  readonly reexported: string[];
}

/** Files of packages, read once each. */
export class DeclarationFiles {
  private readonly modules = new Map<string, Module>();

  /** The text of a node. */
  textOf(file: string, node: Node): string {
    return this.moduleOf(file).text.slice(node.start, node.end);
  }

  /** The comment before a node, such as a member of an interface. */
  docOf(file: string, node: Node): Doc | undefined {
    return docBefore(this.moduleOf(file).text, node.start);
  }

  /** Every name that a file exports, in the order of its exports, with its declarations. */
  exportsOf(file: string): Map<string, Declaration[]> {
    const found = new Map<string, Declaration[]>();
    const { exported, reexported } = this.moduleOf(file);
    for (const [name, source] of exported) {
      const declarations = this.declarationsOf(source.file, source.name!);
      if (declarations) found.set(name, declarations);
    }
    for (const other of reexported)
      for (const [name, declarations] of this.exportsOf(other))
        if (!found.has(name)) found.set(name, declarations);
    return found;
  }

  /**
   * What a name within a file stands for; undefined if it comes from outside the workspace's
   * packages.
   */
  declarationsOf(file: string, name: string): Declaration[] | undefined {
    const { declared, imported, exported, reexported } = this.moduleOf(file);
    const own = declared.get(name);
    if (own) return own;
    const source = imported.get(name) ?? exported.get(name);
    if (source?.name !== undefined && !(source.file === file && source.name === name))
      return this.declarationsOf(source.file, source.name);
    for (const other of reexported) {
      const found = this.exportsOf(other).get(name);
      if (found) return found;
    }
    return undefined;
  }

  private moduleOf(file: string): Module {
    const known = this.modules.get(file);
    if (known) return known;
    const module = readModule(file);
    this.modules.set(file, module);
    return module;
  }
}

/**
 * The declaration file of an entry point, such as `@drumline/drivers/grpc`. Undefined outside the
 * workspace.
 */
export function entryPoint(specifier: string): string | undefined {
  const [, folder, path] = /^@drumline\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
  if (folder === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(resolve(PACKAGES, folder, 'package.json'), 'utf8')) as {
    exports: Record<string, { types: string }>;
  };
  const types = manifest.exports[`.${path ?? ''}`]?.types;
  return types === undefined ? undefined : resolve(PACKAGES, folder, types);
}

function readModule(file: string): Module {
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run build first`);
  const text = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, text, { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const module: Module = {
    text,
    declared: new Map(),
    imported: new Map(),
    exported: new Map(),
    reexported: [],
  };
  for (const statement of program.body) readStatement(statement as unknown as Node, file, module);
  return module;
}

function readStatement(statement: Node, file: string, module: Module): void {
  switch (statement.type) {
    case 'ImportDeclaration': {
      const source = resolveSpecifier(statement, file);
      if (source !== undefined)
        for (const { local, imported } of specifiersOf(statement))
          module.imported.set(nameOf(local), { file: source, name: imported && nameOf(imported) });
      return;
    }
    case 'ExportAllDeclaration': {
      const source = resolveSpecifier(statement, file);
      if (source !== undefined) module.reexported.push(source);
      return;
    }
    case 'ExportNamedDeclaration': {
      const declaration = statement['declaration'] as Node | null;
      if (declaration) {
        for (const name of declare(declaration, statement, file, module))
          module.exported.set(name, { file, name });
        return;
      }
      const source = statement['source'] ? resolveSpecifier(statement, file) : file;
      if (source !== undefined)
        for (const { local, exported } of specifiersOf(statement))
          module.exported.set(nameOf(exported), { file: source, name: nameOf(local) });
      return;
    }
    default:
      declare(statement, statement, file, module);
  }
}

/** @returns the names that the statement declares */
function declare(node: Node, statement: Node, file: string, module: Module): string[] {
  const declarators = node.type === 'VariableDeclaration' ? (node['declarations'] as Node[]) : [node];
  const named = declarators.filter((one) => one['id']);
  for (const one of named) {
    const name = nameOf(one['id'] as Node);
    const doc = docBefore(module.text, statement.start);
    module.declared.set(name, [...(module.declared.get(name) ?? []), { name, file, node: one, doc }]);
  }
  return named.map((one) => nameOf(one['id'] as Node));
}

function specifiersOf(statement: Node): { local: Node; imported: Node | undefined; exported: Node }[] {
  return statement['specifiers'] as { local: Node; imported: Node | undefined; exported: Node }[];
}

function resolveSpecifier(statement: Node, file: string): string | undefined {
  const specifier = (statement['source'] as { value: string }).value;
  if (!specifier.startsWith('.')) return entryPoint(specifier);
  return resolve(dirname(file), specifier.replace(/\.js$/, '.d.ts'));
}

/** The name of an identifier; a computed name is in brackets. */
export function nameOf(key: Node): string {
  if (key.type === 'Identifier') return key['name'] as string;
  if (key.type === 'PrivateIdentifier') return `#${key['name'] as string}`;
  if (key.type === 'Literal') return String(key['value']);
  if (key.type === 'MemberExpression')
    return `[${nameOf(key['object'] as Node)}.${nameOf(key['property'] as Node)}]`;
  return '';
}
