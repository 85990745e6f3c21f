/** Every sentence the program says to a person, read out of its source. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The command line and the workers of a queue speak English only; menus and dialogs have electron/main/texts.ts. */
const FILES = ['engine/**/*.ts', 'electron/{contract,main,store,workers}/**/*.ts', 'renderer/**/*.ts'];
/** Nobody reads these in the window. */
const OTHERS = /electron\/main\/(menu|served-files)\.ts$/;
const ERRORS = new Set(['CheckpointError', 'DataError', 'KernelsError', 'StudioFailure']);
const SPEAKERS = new Set(['conflict', 'refuse', 'refused', 'shapesDiffer', 'toMessage', 'word']);

export interface Sentence {
  /** English, with {0}, {1}… for its values. */
  readonly code: string;
  /** "engine/data/table.ts:53" */
  readonly where: string;
}

export interface Sentences {
  readonly said: readonly Sentence[];
  /** Texts with values in them that are not tagged with `say`, so that no other language can have them. */
  readonly unspoken: readonly Sentence[];
}

export function readSentences(): Sentences {
  const said: Sentence[] = [];
  const unspoken: Sentence[] = [];
  const files = FILES.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !OTHERS.test(file));
  for (const file of files.sort()) {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const where = (node: ts.Node): string => {
      return `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    };
    /** What an expression in the place of a message comes to. */
    const take = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node)) said.push({ code: node.text, where: where(node) });
      else if (ts.isTemplateExpression(node)) unspoken.push({ code: node.getText(), where: where(node) });
      else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(take);
      else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
        take(node.right);
      else if (ts.isParenthesizedExpression(node)) take(node.expression);
      // What a schema says of one certain input.
      else if (ts.isArrowFunction(node) && ts.isConditionalExpression(node.body)) {
        [node.body.whenTrue, node.body.whenFalse].filter(ts.isStringLiteralLike).forEach(take);
      }
    };
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'say') {
        said.push({ code: codeOf(node.template), where: where(node) });
      } else if (ts.isNewExpression(node) && ERRORS.has(node.expression.getText())) {
        node.arguments?.slice(0, 1).forEach(take);
      } else if (ts.isCallExpression(node) && SPEAKERS.has(node.expression.getText())) {
        node.arguments.slice(-1).forEach(take);
      } else if (ts.isPropertyAssignment(node) && ['message', 'error'].includes(node.name.getText())) {
        take(node.initializer);
      } else if (
        ts.isVariableDeclaration(node) &&
        node.name.getText() === 'message' &&
        node.initializer !== undefined
      ) {
        take(node.initializer);
      } else if (
        ts.isVariableDeclaration(node) &&
        /^(REASONS|MEANINGS|NOTHING_LEFT|SPOKEN|reasons)$/.test(node.name.getText())
      ) {
        tableOf(node).forEach(take);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { said, unspoken };
}

/** The values of a table of reasons, by error code. */
function tableOf({ initializer }: ts.VariableDeclaration): ts.Expression[] {
  if (initializer === undefined) return [];
  if (ts.isArrayLiteralExpression(initializer)) {
    return initializer.elements.flatMap((row) => (ts.isArrayLiteralExpression(row) ? row.elements.slice(-1) : []));
  }
  if (!ts.isObjectLiteralExpression(initializer)) return [];
  return initializer.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) ? [property.initializer] : [],
  );
}

function codeOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce((code, { literal }, i) => `${code}{${i}}${literal.text}`, template.head.text);
}
