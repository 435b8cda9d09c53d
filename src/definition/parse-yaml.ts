import { Composer, Lexer, Parser, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { CST, Document, Node, Pair } from 'yaml';
import type { Located } from './located.ts';
import { SourceError } from './source-error.ts';
import { createTreeBuilder, MAX_DEPTH } from './tree-builder.ts';
import type { Entry, TreeBuilder } from './tree-builder.ts';

/** What the parser may have open at once; the tree's own bound is tighter. */
const MAX_OPEN = 150;
/** Signs and words of a text: what takes time to read. */
const MAX_TOKENS = 60_000;
const MAX_ALIASES = 100;

/**
 * Reads one YAML 1.2 document (core schema, no tags of its own) and keeps where everything stands.
 * @throws SourceError for what is no YAML, has no JSON form, is too deep or too large
 */
export function parseYaml(source: string): { readonly root: Located; readonly tree: TreeBuilder } {
  const document = compose(source);
  const tree = createTreeBuilder('YAML_INVALID');
  return { root: readNode(document.contents, { document, tree, aliases: { left: MAX_ALIASES } }), tree };
}

/** The library recurses while it composes, so depth and size are bounded while it still reads signs. */
function compose(source: string): Document.Parsed {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    if (count > MAX_TOKENS)
      throw new SourceError('TOO_LARGE', `There are more than ${MAX_TOKENS} signs and words.`, parser.offset);
    if (parser.stack.length > MAX_OPEN)
      throw new SourceError('TOO_DEEP', `It is nested deeper than ${MAX_DEPTH} levels.`, parser.offset);
    if (tokens.at(-1)?.type === 'error') break;
  }
  for (const token of parser.end()) tokens.push(token);
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, resolveKnownTags: false });
  const [document, second] = [...composer.compose(tokens, true, source.length)] as Document.Parsed[];
  const [flaw] = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  if (flaw) throw new SourceError('YAML_INVALID', `${flaw.message}.`.replace(/\.\.$/, '.'), flaw.pos[0]);
  if (second) throw new SourceError('YAML_INVALID', 'There is more than one document.', second.range[0]);
  if (!document) throw new SourceError('YAML_INVALID', 'There is nothing in it.', 0);
  return document;
}

type Reading = { readonly document: Document.Parsed; readonly tree: TreeBuilder; readonly aliases: { left: number } };

function readNode(node: Node | null, reading: Reading): Located {
  const { document, tree } = reading;
  const start = node?.range?.[0] ?? 0;
  if (isAlias(node)) {
    reading.aliases.left -= 1;
    if (reading.aliases.left < 0)
      throw new SourceError('TOO_LARGE', `There are more than ${MAX_ALIASES} aliases.`, start);
    const target = node.resolve(document);
    if (!target) throw new SourceError('YAML_INVALID', `There is no anchor '${node.source}' before it.`, start);
    return readNode(target, reading);
  }
  if (node !== null && !isScalar(node) && !isMap(node) && !isSeq(node)) throw notJson('That', start);
  if (node?.tag !== undefined && !isCore(node.tag))
    throw new SourceError('YAML_INVALID', 'There are no tags here.', start);
  if (isSeq(node)) {
    tree.enter(start);
    return tree.list(
      start,
      node.items.map((item) => readNode(item as Node, reading)),
    );
  }
  if (isMap(node)) {
    tree.enter(start);
    return tree.object(
      start,
      node.items.map((pair) => readPair(pair as Pair<Node, Node | null>, reading)),
    );
  }
  return tree.scalar(start, scalarOf(node?.value, start));
}

function readPair({ key, value }: Pair<Node, Node | null>, reading: Reading): Entry {
  const keyStart = key.range?.[0] ?? 0;
  const name = isAlias(key) ? key.resolve(reading.document) : key;
  if (!isScalar(name)) throw notJson('A key that is a list or an object', keyStart);
  const entry = readNode(value, reading);
  return { key: String(name.value), keyStart, entry: value === null ? { ...entry, start: keyStart } : entry };
}

function scalarOf(value: unknown, start: number): null | boolean | number | string {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw notJson('That value', start);
}

function isCore(tag: string): boolean {
  return tag.startsWith('tag:yaml.org,2002:') && /:(?:str|int|float|bool|null|map|seq)$/.test(tag);
}

function notJson(what: string, offset: number): SourceError {
  return new SourceError('YAML_INVALID', `${what} has no form in JSON.`, offset);
}
