import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { resolveScheme, salvagedFaults } from './check.js';
import { pathText, SchemeError, type SchemeIssue } from './errors.js';
import { placeText } from './place.js';
import { type Scheme, schemeDocument } from './schema.js';
import { issueText, keyText, syntaxText } from './texts.js';

/** The key where the place has one, since its value may begin on a later line; else the value. */
function nodeAt(document: Document, path: ReadonlyArray<PropertyKey>) {
  const key = path.at(-1);
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((one) => isScalar(one.key) && one.key.value === key) : undefined;
  return pair?.key ?? document.getIn(path, true);
}

/** Line of the place, or of the nearest enclosing one that is in the text. */
function lineOf(document: Document, counter: LineCounter, path: ReadonlyArray<PropertyKey>): number | null {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return null;
}

/** Lines that are indented by a tab, which YAML does not allow: what its parser says of them names everything but the tab. */
function tabIssues(text: string): SchemeIssue[] {
  return text
    .split('\n')
    .flatMap((line, i) =>
      /^ *\t[ \t]*\S/.test(line) ? [{ path: '', place: '', line: i + 1, message: syntaxText('TAB_AS_INDENT') }] : [],
    );
}

/** The aliases (`*name`) without an anchor, or the last one where together they are beyond any use. */
function aliasIssues(document: Document, counter: LineCounter): SchemeIssue[] {
  const issues: SchemeIssue[] = [];
  let line: number | null = null;
  visit(document, {
    Alias: (_, node) => {
      line = counter.linePos(node.range?.[0] ?? 0).line;
      if (node.resolve(document) !== undefined) return;
      issues.push({
        path: '',
        place: '',
        message: `YAML 引用 *${node.source} 没有对应的 &${node.source}；文字请加引号`,
        line,
      });
    },
  });
  return issues.length > 0 ? issues : [{ path: '', place: '', message: 'YAML 引用（*别名）无法展开', line }];
}

function readYaml(text: string, file: string) {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  if (document.errors.length > 0) {
    const tabs = tabIssues(text);
    if (tabs.length > 0) throw new SchemeError(file, tabs);
    const issues = document.errors.map(({ code, linePos }) => ({
      path: '',
      place: '',
      message: syntaxText(code),
      line: linePos?.[0].line ?? null,
    }));
    throw new SchemeError(file, issues);
  }
  try {
    return { document, counter, value: document.toJS() as unknown };
  } catch {
    throw new SchemeError(file, aliasIssues(document, counter));
  }
}

/**
 * Reads a scheme document (YAML, of which JSON is a part), checks it and fills in every default.
 *
 * Throws SchemeError with all faults found, in Chinese: path, rule, what exists, and the line. `file` only names the
 * document in the message.
 */
export function parseScheme(text: string, { file }: { file: string }): Scheme {
  const { document, counter, value } = readYaml(text, file);
  const issue = (path: ReadonlyArray<PropertyKey>, message: string, named = path): SchemeIssue => ({
    path: pathText(named),
    place: placeText(named, value),
    message,
    line: lineOf(document, counter, path),
  });
  const parsed = schemeDocument.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((fault) =>
      fault.code === 'unrecognized_keys'
        ? fault.keys.map((key) => issue([...fault.path, key], keyText(key, fault.path), fault.path))
        : [issue(fault.path, issueText(fault))],
    );
    const others = salvagedFaults(value).map(({ path, message }) => issue(path, message));
    throw new SchemeError(file, inOrder([...issues, ...others]));
  }
  const { scheme, faults } = resolveScheme(parsed.data);
  if (faults.length > 0) {
    throw new SchemeError(
      file,
      faults.map(({ path, message }) => issue(path, message)),
    );
  }
  return scheme;
}

/** As one comes upon them in the file. */
const inOrder = (issues: readonly SchemeIssue[]): SchemeIssue[] =>
  [...issues].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
