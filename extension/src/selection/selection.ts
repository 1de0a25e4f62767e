// Selecting, seen from outside: by itself after a look, and for a command.
import * as vscode from 'vscode';
import { autoSelectIsOn } from '../configuration';
import type { FolderStatus, InterpreterPath, Looked } from '../protocol';
import { autoSelect } from './autoSelect';
import { workspaceMemory } from './memory';
import { pythonEnvironmentsWay } from './pythonEnvironments';
import { pythonExtensionWay } from './pythonExtension';
import { settingsWay, type WriteSetting } from './settings';
import type { Choice, Way } from './way';

export interface Selection {
  afterLook(looked: Looked): Promise<void>;
  /** For a command that the user ran. Returns the way that was taken; null where none is to be. */
  select(
    folder: vscode.WorkspaceFolder,
    choice: Choice,
    record: InterpreterPath,
  ): Promise<Way | null>;
  /** Until the work is done, nothing is selected in this folder by itself: the work decides. */
  whileWorking(folder: vscode.WorkspaceFolder, work: () => Promise<void>): Promise<void>;
}

export function createSelection(
  state: vscode.Memento,
  log: vscode.LogOutputChannel,
  write: WriteSetting,
): Selection {
  const memory = workspaceMemory(state);
  // A failure is not tried again after every look; a window that is opened anew tries again.
  const tried = new Set<string>();
  const said = new Map<string, string>();
  const worked = new Set<string>();
  let turn: Promise<void> = Promise.resolve();

  async function consider({ uri, own, record }: FolderStatus): Promise<void> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri));
    if (folder === undefined || own === null || own.state === 'broken' || record !== 'api') {
      return;
    }
    if (!vscode.workspace.isTrusted || !autoSelectIsOn(folder.uri) || worked.has(keyOf(folder))) {
      return;
    }
    const attempt = `${uri}\n${own.interpreter}`;
    if (tried.has(attempt)) {
      return;
    }
    try {
      const outcome = await autoSelect(folder, own, await theWay(log, write), memory);
      if (said.get(attempt) !== outcome) {
        said.set(attempt, outcome);
        log.info(`${folder.name}: ${own.interpreter}: ${outcome}.`);
      }
    } catch (error) {
      tried.add(attempt);
      log.warn(`${folder.name}: ${own.interpreter} could not be selected: ${error}`);
    }
  }

  return {
    afterLook(looked) {
      turn = turn.then(async () => {
        for (const status of looked.folders) {
          await consider(status);
        }
      });
      return turn;
    },
    async select(folder, choice, record) {
      const way = await wayOf(record, log, write);
      await way?.select(folder, choice);
      // What is not to be selected is not selected by itself either.
      await memory.remember(folder.uri, { executable: choice.executable, by: 'user' });
      const how = way === null ? 'is not to be selected' : `selected through ${way.title}`;
      log.info(`${folder.name}: ${choice.executable}: ${how}.`);
      return way;
    },
    async whileWorking(folder, work) {
      worked.add(keyOf(folder));
      try {
        await work();
      } finally {
        worked.delete(keyOf(folder));
      }
    },
  };
}

function keyOf({ uri }: vscode.WorkspaceFolder): string {
  return uri.toString();
}

async function wayOf(
  record: InterpreterPath,
  log: vscode.LogOutputChannel,
  write: WriteSetting,
): Promise<Way | null> {
  switch (record) {
    case 'api':
      return theWay(log, write);
    case 'settings':
      return settingsWay(write);
    case 'off':
      return null;
  }
}

async function theWay(log: vscode.LogOutputChannel, write: WriteSetting): Promise<Way> {
  return (
    (await pythonEnvironmentsWay(log)) ?? (await pythonExtensionWay(log)) ?? settingsWay(write)
  );
}
