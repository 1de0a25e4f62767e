// The settings as the helper and the commands want them. A settings file is written by hand: what
// is not of the right kind counts as not set instead of breaking the helper.
import * as vscode from 'vscode';
import type { InterpreterPath, RuleSeverity, Seed, Settings, WantedLinks } from './protocol';

export const SECTION = 'holdfast';

/** The default stands first. The helper takes it for a setting that nobody has set. */
type Choices<T> = readonly [T, ...T[]];

const LINKS: Choices<WantedLinks> = ['auto', 'symlink', 'copy'];
const SEEDS: Choices<Seed> = ['pip', 'none'];
const INTERPRETER_PATHS: Choices<InterpreterPath> = ['api', 'settings', 'off'];
const SEVERITIES: readonly RuleSeverity[] = ['error', 'warning', 'information', 'hint', 'off'];

export function helperSettings(): Settings {
  return {
    environment: environmentName(),
    python: text(value('python')),
    alias: value('alias') === true,
    sitePackagesLink: value('site-packages-link') === true,
    links: oneOf(LINKS, value('links')),
    seed: oneOf(SEEDS, value('seed')),
    interpreterPath: oneOf(INTERPRETER_PATHS, value('interpreterPath')),
    searchPaths: texts(value('searchPaths')),
    exclude: texts(value('exclude')),
    rules: severities(value('rules')),
  };
}

export function environmentName(): string {
  return text(value('environment')) || '.venv';
}

export function helperInterpreter(): string {
  const path = value('interpreter');
  return typeof path === 'string' ? path : '';
}

/** By itself only what changes no file is done, so only through the extensions. */
export function autoSelectIsOn(folder: vscode.Uri): boolean {
  return value('autoSelect', folder) !== false && interpreterPath(folder) === 'api';
}

/** How the choice of an interpreter is recorded where no file of the project has a say. */
export function interpreterPath(folder: vscode.Uri): InterpreterPath {
  return oneOf(INTERPRETER_PATHS, value('interpreterPath', folder));
}

export function traceIsOn(): boolean {
  const trace = value('trace.server');
  return trace === 'messages' || trace === 'verbose';
}

function value(key: string, folder?: vscode.Uri): unknown {
  return vscode.workspace.getConfiguration(SECTION, folder).get(key);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What is no severity is left out; the editor underlines it in the settings. */
function severities(value: unknown): Record<string, RuleSeverity> {
  const isTable = typeof value === 'object' && !Array.isArray(value);
  const entries = isTable ? Object.entries(value ?? {}) : [];
  return Object.fromEntries(
    entries.flatMap(([rule, said]) => {
      const severity = SEVERITIES.find((one) => one === said);
      return severity ? [[rule, severity]] : [];
    }),
  );
}

function oneOf<T>(choices: Choices<T>, value: unknown): T {
  return choices.find((choice) => choice === value) ?? choices[0];
}
