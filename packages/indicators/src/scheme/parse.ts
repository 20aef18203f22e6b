import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';
import { resolveScheme } from './check.js';
import { pathText, SchemeError, type SchemeIssue } from './errors.js';
import { type Scheme, schemeDocument } from './schema.js';
import { issueText, syntaxText } from './texts.js';

/** Line of the place, or of the nearest enclosing one that is in the text. */
function lineOf(document: Document, counter: LineCounter, path: ReadonlyArray<PropertyKey>): number | null {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return null;
}

/** The aliases (`*name`) without an anchor, or the last one where together they are beyond any use. */
function aliasIssues(document: Document, counter: LineCounter): SchemeIssue[] {
  const issues: SchemeIssue[] = [];
  let line: number | null = null;
  visit(document, {
    Alias: (_, node) => {
      line = counter.linePos(node.range?.[0] ?? 0).line;
      if (node.resolve(document) !== undefined) return;
      issues.push({ path: '', message: `YAML 引用 *${node.source} 没有对应的 &${node.source}；文字请加引号`, line });
    },
  });
  return issues.length > 0 ? issues : [{ path: '', message: 'YAML 引用（*别名）无法展开', line }];
}

function readYaml(text: string, file: string) {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  if (document.errors.length > 0) {
    const issues = document.errors.map(({ code, linePos }) => ({
      path: '',
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
  const issue = (path: ReadonlyArray<PropertyKey>, message: string): SchemeIssue => ({
    path: pathText(path),
    message,
    line: lineOf(document, counter, path),
  });
  const parsed = schemeDocument.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new SchemeError(
      file,
      parsed.error.issues.map((fault) => issue(fault.path, issueText(fault))),
    );
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
