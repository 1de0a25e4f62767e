// Selecting, seen from outside: by itself after a look, and for a command.
import * as vscode from 'vscode';
import { autoSelectIsOn } from '../configuration';
import type { FolderStatus, Looked } from '../protocol';
import { autoSelect } from './autoSelect';
import { workspaceMemory } from './memory';
import { pythonEnvironmentsWay } from './pythonEnvironments';
import { pythonExtensionWay } from './pythonExtension';
import { settingsWay } from './settings';
import type { Choice, Way } from './way';

export interface Selection {
  afterLook(looked: Looked): Promise<void>;
  /** For a command that the user ran. Returns the way that was taken. */
  select(folder: vscode.WorkspaceFolder, choice: Choice): Promise<Way>;
}

export function createSelection(state: vscode.Memento, log: vscode.LogOutputChannel): Selection {
  const memory = workspaceMemory(state);
  // A failure is not tried again after every look; a window that is opened anew tries again.
  const tried = new Set<string>();
  const said = new Map<string, string>();
  let turn: Promise<void> = Promise.resolve();

  async function consider({ uri, own }: FolderStatus): Promise<void> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri));
    if (folder === undefined || own === null || own.state === 'broken') {
      return;
    }
    if (!vscode.workspace.isTrusted || !autoSelectIsOn(folder.uri)) {
      return;
    }
    const attempt = `${uri}\n${own.interpreter}`;
    if (tried.has(attempt)) {
      return;
    }
    try {
      const outcome = await autoSelect(folder, own, await theWay(log), memory);
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
    async select(folder, choice) {
      const way = await theWay(log);
      await way.select(folder, choice);
      await memory.remember(folder.uri, { executable: choice.executable, by: 'user' });
      log.info(`${folder.name}: selected ${choice.executable} through ${way.title}.`);
      return way;
    },
  };
}

async function theWay(log: vscode.LogOutputChannel): Promise<Way> {
  return (await pythonEnvironmentsWay(log)) ?? (await pythonExtensionWay(log)) ?? settingsWay();
}
