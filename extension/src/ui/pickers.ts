// Quick picks that open at once and show that they are still loading.
import * as vscode from 'vscode';

export interface Choosable<T> extends vscode.QuickPickItem {
  /** Nothing on separators. */
  value?: T;
}

export interface Picker {
  title: string;
  placeholder: string;
  /** What stands there when there is nothing to pick from. */
  empty: string;
}

/** The value of the item that was picked; undefined when the user left. Rejects when loading fails. */
export function pickFrom<T>(
  picker: Picker,
  loading: Promise<Choosable<T>[]>,
): Promise<T | undefined> {
  const pick = vscode.window.createQuickPick<Choosable<T>>();
  pick.title = picker.title;
  pick.placeholder = 'Looking…';
  pick.busy = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.show();
  return new Promise<T | undefined>((resolve, reject) => {
    let open = true;
    loading.then(
      (items) => {
        if (open) {
          pick.busy = false;
          pick.placeholder = items.length === 0 ? picker.empty : picker.placeholder;
          pick.items = items;
        }
      },
      (error) => {
        reject(error);
        pick.hide();
      },
    );
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item?.value !== undefined) {
        resolve(item.value);
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      open = false;
      resolve(undefined);
      pick.dispose();
    });
  });
}

/** The values of all items that were ticked, perhaps none; undefined when the user left. */
export async function pickSeveral<T>(
  picker: Omit<Picker, 'empty'>,
  items: Choosable<T>[],
): Promise<T[] | undefined> {
  const picked = await vscode.window.showQuickPick(items, {
    title: picker.title,
    placeHolder: picker.placeholder,
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ value }) => value).filter((value) => value !== undefined);
}

export function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** The only folder, or the one that the user picks; undefined when there is none or the user left. */
export async function pickFolder(title: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(
    ({ uri }) => uri.scheme === 'file',
  );
  if (folders.length === 0) {
    void vscode.window.showWarningMessage('Open a folder first; Holdfast works in folders.');
    return undefined;
  }
  if (folders.length === 1) {
    return folders[0];
  }
  const items = folders.map((folder) => ({
    label: folder.name,
    description: folder.uri.fsPath,
    value: folder,
  }));
  const placeholder = 'For which folder?';
  return pickFrom({ title, placeholder, empty: placeholder }, Promise.resolve(items));
}
