// The settings as the helper and the commands want them.
import * as vscode from 'vscode';
import type { Settings } from './protocol';

export const SECTION = 'holdfast';

export function helperSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return {
    environment: environmentName(),
    searchPaths: texts(configuration.get('searchPaths')),
    exclude: texts(configuration.get('exclude')),
  };
}

export function environmentName(): string {
  const name = vscode.workspace.getConfiguration(SECTION).get('environment');
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : '.venv';
}

export function helperInterpreter(): string {
  const path = vscode.workspace.getConfiguration(SECTION).get('interpreter');
  return typeof path === 'string' ? path : '';
}

export function autoSelectIsOn(folder: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(SECTION, folder).get('autoSelect') !== false;
}

export function traceIsOn(): boolean {
  const trace = vscode.workspace.getConfiguration(SECTION).get('trace.server');
  return trace === 'messages' || trace === 'verbose';
}

// A settings file is written by hand: what is not a text is left out instead of breaking the helper.
function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
