// One value in the text of a settings.json, changed so that every comment, the order and the
// formatting stay as they are.
import {
  createScanner,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  SyntaxKind,
} from 'jsonc-parser';

export class MalformedSettings extends Error {}

export function withSetting(text: string, key: string, value: string): string {
  const source = text.replace(/^\uFEFF/, '');
  const eol = source.includes('\r\n') ? '\r\n' : '\n';
  if (!hasTokens(source)) {
    // Empty, or nothing but comments: those stay above.
    const above = source.trim() === '' ? '' : source.trimEnd() + eol;
    return `${above}{${eol}    ${property(key, value)}${eol}}${eol}`;
  }
  const root = rootOf(source);
  const existing = (root.children ?? []).findLast((child) => child.children?.[0]?.value === key);
  return existing === undefined
    ? inserted(source, root, property(key, value), eol)
    : replaced(source, existing, value);
}

function property(key: string, value: string): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

function hasTokens(source: string): boolean {
  const scanner = createScanner(source, true);
  return scanner.scan() !== SyntaxKind.EOF;
}

function rootOf(source: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = source.slice(0, error.offset).split('\n').length;
    throw new MalformedSettings(`line ${line}: ${inWords(printParseErrorCode(error.error))}`);
  }
  if (root?.type !== 'object') {
    throw new MalformedSettings('it does not hold a JSON object');
  }
  return root;
}

/** `CommaExpected` → `comma expected`. */
function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

// Where a key stands twice, VS Code takes the last one; so did the caller.
function replaced(source: string, existing: Node, value: string): string {
  const node = existing.children?.[1];
  if (node === undefined) {
    throw new MalformedSettings('a setting has no value');
  }
  const text = JSON.stringify(value);
  return source.slice(0, node.offset) + text + source.slice(node.offset + node.length);
}

function inserted(source: string, root: Node, text: string, eol: string): string {
  const last = root.children?.at(-1);
  return last === undefined
    ? insertedFirst(source, root, text, eol)
    : insertedAfter(source, root, last, text, eol);
}

function insertedFirst(source: string, root: Node, text: string, eol: string): string {
  const close = root.offset + root.length - 1;
  const inside = source.slice(root.offset + 1, close);
  // Comments in an empty object stay above the new line.
  const above = inside.trim() === '' ? '' : inside.trimEnd();
  return `${source.slice(0, root.offset + 1)}${above}${eol}    ${text}${eol}${source.slice(close)}`;
}

function insertedAfter(source: string, root: Node, last: Node, text: string, eol: string): string {
  const end = last.offset + last.length;
  const tail = tailOf(source, end);
  const comma = tail.hasComma ? '' : ',';
  const trailing = tail.hasComma ? ',' : '';
  const onOneLine = !source.slice(root.offset, root.offset + root.length).includes('\n');
  if (onOneLine) {
    const at = tail.afterComma;
    return `${source.slice(0, end)}${comma}${source.slice(end, at)} ${text}${trailing}${source.slice(at)}`;
  }
  const at = tail.endOfLine;
  const indent = indentOf(source, last.offset);
  return `${source.slice(0, end)}${comma}${source.slice(end, at)}${eol}${indent}${text}${trailing}${source.slice(at)}`;
}

/**
 * What follows a property: its comma, and the comment on the same line, which belongs to it and
 * must not slide to the new one.
 */
function tailOf(source: string, end: number) {
  const scanner = createScanner(source, false);
  scanner.setPosition(end);
  let afterComma = end;
  let endOfLine = end;
  let hasComma = false;
  for (;;) {
    const kind = scanner.scan();
    if (kind === SyntaxKind.Trivia) {
      continue;
    }
    const after = scanner.getTokenOffset() + scanner.getTokenLength();
    const isComment =
      kind === SyntaxKind.LineCommentTrivia || kind === SyntaxKind.BlockCommentTrivia;
    if (kind === SyntaxKind.CommaToken) {
      hasComma = true;
      afterComma = after;
      endOfLine = after;
    } else if (isComment) {
      endOfLine = after;
    } else if (kind === SyntaxKind.LineBreakTrivia && !hasComma) {
      // A comma may stand on a line of its own; then the comments before it are inside the list.
      if (!commaFollows(source, after)) {
        return { hasComma, afterComma, endOfLine };
      }
    } else {
      return { hasComma, afterComma, endOfLine };
    }
  }
}

function commaFollows(source: string, offset: number): boolean {
  const scanner = createScanner(source, true);
  scanner.setPosition(offset);
  return scanner.scan() === SyntaxKind.CommaToken;
}

function indentOf(source: string, offset: number): string {
  const start = source.lastIndexOf('\n', offset) + 1;
  return /^[ \t]*/.exec(source.slice(start, offset))?.[0] ?? '';
}
