import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
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
    throw new SchemeError(file, [{ path: '', message: 'YAML 引用（*别名）无法展开', line: null }]);
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
