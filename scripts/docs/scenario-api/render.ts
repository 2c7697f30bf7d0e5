/** Writes the page: one section for each subject, one entry for each name. */
import { format, resolveConfig } from 'prettier';
import type { DeclarationFiles, Node } from './declarations.js';
import { splitDefault, type Doc } from './doc.js';
import type { Entry, Member, Section } from './entries.js';
import { RECEIVERS } from './subjects.js';

const INTRO = `# Scenario API

<!-- Generated from the docstrings by \`npm run docs\`. Change the docstrings, not this page. -->

Everything that \`drumline\` exports. The [guide](../guide/users-and-tasks.md) explains how the parts fit together.

Types marked “not exported” describe arguments and results; a scenario cannot import them by name.
Every option is optional unless it is marked as required.`;

/** @param path of the page, which tells its layout */
export async function renderPage(files: DeclarationFiles, sections: readonly Section[], path: string) {
  const writer = new PageWriter(files, sections);
  const text = [INTRO, writer.contents(), ...(await writer.sections())].join('\n\n');
  const style = await resolveConfig(path);
  return format(text, { ...style, parser: 'markdown', proseWrap: 'always', printWidth: 120 });
}

class PageWriter {
  private readonly anchors = new Map<string, string>();
  private readonly used = new Map<string, number>();

  constructor(
    private readonly files: DeclarationFiles,
    private readonly all: readonly Section[],
  ) {
    this.slug('Scenario API');
    for (const { title, entries } of all) {
      this.anchors.set(`§${title}`, this.slug(title));
      for (const entry of entries) {
        this.anchors.set(entry.name, this.slug(headingOf(entry)));
        for (const member of callables(entry)) this.slug(callOf(entry, member));
      }
    }
  }

  contents(): string {
    return this.all
      .map(({ title, entries }) => {
        const names = entries.map(({ name }) => this.link(name)).join(' · ');
        return `- [${title}](#${this.anchors.get(`§${title}`)!}): ${names}`;
      })
      .join('\n');
  }

  async sections(): Promise<string[]> {
    const parts: string[] = [];
    for (const { title, entries } of this.all) {
      parts.push(`## ${title}`);
      for (const entry of entries) parts.push(...(await this.entry(entry)));
    }
    return parts;
  }

  private async entry(entry: Entry): Promise<string[]> {
    const parts = [`### ${headingOf(entry)}`];
    if (!entry.exported) parts.push('_Not exported._');
    const code = await this.codeOf(entry);
    if (code !== '') parts.push(fence(code));
    for (const { doc } of entry.declarations) parts.push(...this.docOf(doc, entry.name));
    const inherited = this.inheritedBy(entry);
    if (inherited.length > 0)
      parts.push(`Has all members of ${inherited.map((name) => this.link(name)).join(', ')} as well.`);
    const properties = entry.members.filter((member) => !member.callable);
    if (properties.length > 0)
      parts.push(properties.map((member) => this.property(member, entry)).join('\n'));
    for (const member of callables(entry)) {
      parts.push(`#### ${callOf(entry, member)}`);
      for (const one of entry.members.filter(({ name }) => name === member.name)) {
        parts.push(fence(await prettyType(this.signature(one))), ...this.docOf(one.doc, entry.name));
      }
    }
    return parts.filter((part) => part !== '');
  }

  /** Functions and type aliases are shown as code; of types with members the members are listed. */
  private async codeOf({ declarations, members }: Entry): Promise<string> {
    const shown = declarations.filter(({ node }) =>
      node.type === 'TSInterfaceDeclaration' || node.type === 'ClassDeclaration'
        ? false
        : members.length === 0,
    );
    const texts = shown.map(({ file, node }) => {
      const text = withoutComments(this.files.textOf(file, node)).replace(/^(?:export )?(?:declare )?/, '');
      return node.type === 'VariableDeclarator' ? `const ${text};` : text;
    });
    return texts.length === 0 ? '' : (await pretty(texts.join('\n'))).trim();
  }

  private inheritedBy({ declarations, name }: Entry): string[] {
    const text = declarations.flatMap(({ file, node }) =>
      ((node['extends'] as Node[] | undefined) ?? []).map((one) => this.files.textOf(file, one)),
    );
    const words = text.join(' ').match(/\w+/g) ?? [];
    return [...new Set(words)].filter((word) => word !== name && this.anchors.has(word));
  }

  private property(member: Member, entry: Entry): string {
    const { file, type, doc, optional } = member;
    const text = type ? withoutComments(this.files.textOf(file, type)).replaceAll(/\s+/g, ' ') : '';
    const { text: prose, preset } = splitDefault(doc?.text ?? '');
    const inOptions = entry.members.some((one) => one.optional);
    const marks = [
      this.linkType(text, entry.name),
      ...(inOptions && !optional ? ['**required**'] : []),
      ...(preset === undefined ? [] : [`default: ${preset}`]),
    ];
    const rest = [
      prose,
      ...(doc?.returns === undefined ? [] : [`Returns ${doc.returns}.`]),
      ...(doc?.throws ?? []).map((what) => `Throws ${what}.`),
    ];
    const words = rest.filter((one) => one !== '').join(' ');
    return `- **\`${member.name}\`** (${marks.join(', ')}): ${indent(this.linkNames(words, entry.name))}`;
  }

  private signature({ file, node, name, type }: Member): string {
    if (type?.type === 'TSFunctionType') {
      const text = this.files.textOf(file, type);
      const arrow = (type['returnType'] as Node).start - type.start;
      return withoutComments(`${lastOf(name)}${text.slice(0, arrow)}:${text.slice(arrow + 2)}`);
    }
    return withoutComments(this.files.textOf(file, node));
  }

  private docOf(doc: Doc | undefined, own: string): string[] {
    if (!doc) return [];
    const tags = [
      ...doc.params.map(({ name, text }) => `- \`${name}\`: ${this.linkNames(text, own)}`),
      ...(doc.returns === undefined ? [] : [`- Returns ${this.linkNames(doc.returns, own)}`]),
      ...doc.throws.map((text) => `- Throws ${this.linkNames(text, own)}`),
    ];
    return [this.linkNames(doc.text, own), tags.map((tag) => tag.replaceAll('\n', ' ')).join('\n')];
  }

  private link(name: string): string {
    return `[\`${name}\`](#${this.anchors.get(name)!})`;
  }

  /** A type as code, linked to the first type of this page that it names. */
  private linkType(text: string, own: string): string {
    const target = (text.match(/\b[A-Z]\w+/g) ?? []).find((word) => word !== own && this.anchors.has(word));
    const code = text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
    return target === undefined ? code : `[${code}](#${this.anchors.get(target)!})`;
  }

  /** Names of types in a docstring, which are in backticks, become links. */
  private linkNames(text: string, own: string): string {
    return text
      .replaceAll(/\{@link (\w+)\}/g, '`$1`')
      .replaceAll(/(?<!\[)`([A-Z]\w+)`/g, (code, name: string) =>
        name !== own && this.anchors.has(name) ? this.link(name) : code,
      );
  }

  /** The anchor that GitHub gives a heading. */
  private slug(heading: string): string {
    const plain = heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
    const times = this.used.get(plain) ?? 0;
    this.used.set(plain, times + 1);
    return times === 0 ? plain : `${plain}-${times}`;
  }
}

function isFunction({ declarations }: Entry): boolean {
  return declarations.some(({ node }) => node.type === 'TSDeclareFunction');
}

function headingOf(entry: Entry): string {
  return isFunction(entry) ? `\`${entry.name}()\`` : `\`${entry.name}\``;
}

/** Members that can be called, each name once. */
function callables({ members }: Entry): Member[] {
  const found = members.filter(({ callable }) => callable);
  return found.filter(({ name }, i) => found.findIndex((one) => one.name === name) === i);
}

function callOf(entry: Entry, { name }: Member): string {
  if (name.startsWith('[')) return `\`for await (… of ${RECEIVERS[entry.name] ?? entry.name})\``;
  const receiver = RECEIVERS[entry.name];
  return receiver === undefined ? `\`${name}()\`` : `\`${receiver}.${name}()\``;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').trim();
}

async function pretty(text: string): Promise<string> {
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

/** A signature, laid out as a member of an interface. */
async function prettyType(signature: string): Promise<string> {
  const text = await pretty(`interface I {\n${signature.replace(/^(?:readonly|get) /, '')}\n}`);
  const lines = text.trim().split('\n').slice(1, -1);
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n');
}

function fence(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}

/** Keeps the paragraphs of a docstring within its list item. */
function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
