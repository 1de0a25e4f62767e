// The name of a new environment's folder, and what stands there already.
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** `free` is an empty folder, too. Only the helper can prove that a folder is an environment. */
export type Occupant = 'free' | 'environment' | 'taken';

/** A name that may be used, perhaps that of an environment; undefined when the user left. */
export async function askName(
  title: string,
  parent: string,
  usual: string,
  version: string | null,
): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title,
    prompt: `The name of the new folder in ${parent}`,
    value: freeName(parent, usual, version),
    validateInput: (text) => whyNotName(parent, text),
  });
  return name?.trim();
}

/** Asks before an environment is replaced. */
export async function agreesToReplace(path: string, name: string): Promise<boolean> {
  const replace = 'Replace';
  const detail = `The environment ${path} and everything that is installed in it will be deleted when the new one is ready.`;
  const chosen = await vscode.window.showWarningMessage(
    `Replace ${name}?`,
    { modal: true, detail },
    replace,
  );
  return chosen === replace;
}

/** The usual name, or one that says the version where the usual one is taken. */
export function freeName(parent: string, usual: string, version: string | null): string {
  const minor = version?.split('.').slice(0, 2).join('.');
  const other = minor === undefined ? usual : `${usual}-${minor}`;
  return occupant(join(parent, usual)) === 'free' ? usual : other;
}

export function whyNotName(
  parent: string,
  text: string,
): string | vscode.InputBoxValidationMessage | null {
  const name = text.trim();
  if (name === '') {
    return 'Give the folder a name.';
  }
  if (/[\\/:]/.test(name)) {
    return 'Give a name without slashes or colons: the environment is made in this folder.';
  }
  if (name === '.' || name === '..') {
    return 'Give the name of a new folder.';
  }
  switch (occupant(join(parent, name))) {
    case 'free':
      return null;
    case 'environment':
      // Not an error, which would not be accepted.
      return {
        message: `${name} is an environment. It can be replaced; you are asked before.`,
        severity: vscode.InputBoxValidationSeverity.Warning,
      };
    case 'taken':
      return `${name} is already there. Give another name.`;
  }
}

export function occupant(path: string): Occupant {
  const stat = statOf(path);
  if (stat === null) {
    return 'free';
  }
  const names = stat.isDirectory() ? namesIn(path) : null;
  if (names === null) {
    return 'taken';
  }
  return names.includes('pyvenv.cfg') ? 'environment' : names.every(isOfDisk) ? 'free' : 'taken';
}

/** What a disk that is mounted there brings along: the volume of a container, for example. */
function isOfDisk(name: string): boolean {
  return name === 'lost+found';
}

function statOf(path: string): Stats | null {
  try {
    // Not through a link: what it leads to is elsewhere.
    return lstatSync(path);
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder);
  } catch {
    return null;
  }
}
