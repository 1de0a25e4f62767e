// What is changed on the way between the helper and the editor.
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { ruleLink } from './commands/openRule';
import type { Repair } from './protocol';
import { refuseUntrusted } from './trust';
import { showFailure } from './ui/failures';
import { reportRepair } from './ui/repairs';

export function middleware(log: vscode.LogOutputChannel): Middleware {
  return {
    handleDiagnostics: (uri, diagnostics, next) => next(uri, diagnostics.map(withRuleLink)),
    provideCodeActions: (document, range, context, token, next) =>
      vscode.workspace.isTrusted ? next(document, range, context, token) : [],
    executeCommand: async (command, args, next) => {
      if (refuseUntrusted('repair an environment')) {
        return;
      }
      try {
        reportRepair((await next(command, args)) as Repair | null);
      } catch (error) {
        void showFailure(error, log);
      }
    },
  };
}

/** A click on the rule's name opens its page as a preview, not as raw Markdown. */
function withRuleLink(diagnostic: vscode.Diagnostic): vscode.Diagnostic {
  const { code } = diagnostic;
  const rule = typeof code === 'object' ? code.value : code;
  if (typeof rule === 'string') {
    const target = ruleLink(rule);
    if (target !== null) {
      diagnostic.code = { value: rule, target };
    }
  }
  return diagnostic;
}
