import type { PythonEnvironment } from '@vscode/python-environments';
import type { PythonExtension } from '@vscode/python-extension';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Memento, WorkspaceFolder } from 'vscode';
import type { FolderEnvironment, Looked } from '../../extension/src/protocol';
import { autoSelect } from '../../extension/src/selection/autoSelect';
import { type Memory, workspaceMemory } from '../../extension/src/selection/memory';
import {
  type EnvironmentsApi,
  wayThrough as throughEnvironments,
} from '../../extension/src/selection/pythonEnvironments';
import { wayThrough as throughPython } from '../../extension/src/selection/pythonExtension';
import { createSelection, type Selection } from '../../extension/src/selection/selection';
import { settingsWay } from '../../extension/src/selection/settings';
import { makeFile, temporaryFolder } from './folders';
import { configured, EventEmitter, inspected, installed, Uri, workspace } from './vscode';

const FOLDER = { name: 'work', index: 0, uri: Uri.file('/code') } as unknown as WorkspaceFolder;
const OWN: FolderEnvironment = {
  path: '/code/.venv',
  interpreter: '/code/.venv/bin/python',
  version: '3.12.4',
  state: 'healthy',
  reason: null,
  own: true,
  setting: '/code/.venv/bin/python',
};
const CHOICE = { executable: OWN.interpreter, setting: OWN.setting };

let memory: Memory;
let written: [folder: string, value: string][];
const write = async (folder: { toString(): string }, value: string) => {
  written.push([folder.toString(), value]);
};

beforeEach(() => {
  written = [];
  inspected.clear();
  configured.clear();
  workspace.workspaceFile = undefined;
  workspace.textDocuments = [];
  memory = newMemory();
});

function newMemory(): Memory {
  return workspaceMemory(newMemento());
}

function newMemento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}

describe('through the Python extension', () => {
  let active: string;
  let updates: string[];
  let takes: boolean;
  let resolves: boolean;
  const changed = new EventEmitter<object>();

  beforeEach(() => {
    active = 'python';
    updates = [];
    takes = true;
    resolves = true;
  });

  const way = throughPython(
    {
      getActiveEnvironmentPath: () => ({
        id: active === 'python' ? 'DEFAULT_PYTHON' : active,
        path: active,
      }),
      resolveEnvironment: async (path: string) => (resolves ? { path } : undefined),
      updateActiveEnvironmentPath: async (path: string) => {
        updates.push(path);
        if (takes) {
          // The real one tells of the change later than it returns.
          setTimeout(() => {
            active = path;
            changed.fire({});
          }, 5);
        }
      },
      onDidChangeActiveEnvironmentPath: changed.event,
    } as unknown as PythonExtension['environments'],
    60,
  );

  it('selects where nobody chose, once', async () => {
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('selected');
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('was selected before');
    expect(updates).toEqual([OWN.interpreter]);
  });

  it('leaves a later choice of the user alone', async () => {
    await autoSelect(FOLDER, OWN, way, memory);
    active = '/usr/bin/python3.11';
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('was selected before');
    expect(updates).toHaveLength(1);
  });

  it('leaves an interpreter alone that somebody chose', async () => {
    active = '/usr/bin/python3.11';
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('another choice is left alone');
    expect(updates).toEqual([]);
  });

  it.each(['globalValue', 'workspaceValue', 'workspaceFolderValue'])(
    'leaves the setting alone that stands at %s',
    async (level) => {
      inspected.set('python.defaultInterpreterPath', { [level]: '/usr/bin/python3.9' });
      expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('another choice is left alone');
      expect(updates).toEqual([]);
    },
  );

  it('is not misled by the setting’s default', async () => {
    inspected.set('python.defaultInterpreterPath', { defaultValue: 'python' });
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('selected');
  });

  it('does nothing where the extension found it by itself', async () => {
    active = OWN.interpreter;
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('is selected already');
    expect(updates).toEqual([]);
  });

  it('follows a renamed environment that it selected itself', async () => {
    await autoSelect(FOLDER, OWN, way, memory);
    active = OWN.interpreter;
    const renamed = { ...OWN, path: '/code/env', interpreter: '/code/env/bin/python' };
    expect(await autoSelect(FOLDER, renamed, way, memory)).toBe('selected');
    expect(active).toBe(renamed.interpreter);
  });

  it('does not follow where the user selected with a command', async () => {
    await memory.remember(FOLDER.uri, { executable: '/usr/bin/python3.11', by: 'user' });
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('was selected before');
    expect(updates).toEqual([]);
  });

  it('asks the extension first whether it knows the interpreter', async () => {
    resolves = false;
    await expect(way.select(FOLDER, CHOICE)).rejects.toThrow(/does not accept/);
    expect(updates).toEqual([]);
  });

  it('says when the extension did not take it', async () => {
    takes = false;
    await expect(way.select(FOLDER, CHOICE)).rejects.toThrow(/did not take/);
    expect(updates).toEqual([OWN.interpreter]);
  });
});

describe('through the Python Environments extension', () => {
  let current: PythonEnvironment | undefined;
  let sets: string[];

  beforeEach(() => {
    current = environment('/usr/bin/python3', 'ms-python.python:system');
    sets = [];
    configured.set('python-envs.defaultEnvManager', 'ms-python.python:venv');
  });

  function environment(path: string, managerId: string): PythonEnvironment {
    return {
      envId: { id: path, managerId },
      environmentPath: Uri.file(path),
      execInfo: { run: { executable: path } },
    } as unknown as PythonEnvironment;
  }

  const api = {
    getEnvironment: async () => current,
    resolveEnvironment: async (uri: Uri) => environment(uri.fsPath, 'ms-python.python:venv'),
    setEnvironment: async (_: unknown, chosen: PythonEnvironment) => {
      sets.push(chosen.envId.id);
      current = chosen;
    },
  } as unknown as EnvironmentsApi;
  const way = throughEnvironments(api);

  it('selects where only the system’s Python stands, once', async () => {
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('selected');
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('was selected before');
    expect(sets).toEqual([OWN.interpreter]);
  });

  it('leaves another environment alone', async () => {
    current = environment('/code/other/bin/python', 'ms-python.python:venv');
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('another choice is left alone');
  });

  it.each([
    ['python-envs.pythonProjects', { workspaceValue: [{ path: '.' }] }],
    ['python-envs.defaultEnvManager', { globalValue: 'ms-python.python:conda' }],
    ['python.defaultInterpreterPath', { workspaceFolderValue: '/usr/bin/python3' }],
  ])('leaves %s alone', async (key, value) => {
    inspected.set(key, value);
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('another choice is left alone');
    expect(sets).toEqual([]);
  });

  it('does not select by itself where that would write settings', async () => {
    workspace.workspaceFile = Uri.file('/code/all.code-workspace');
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('would write a settings file');
    workspace.workspaceFile = undefined;
    configured.set('python-envs.defaultEnvManager', 'ms-python.python:system');
    expect(await autoSelect(FOLDER, OWN, way, memory)).toBe('would write a settings file');
    expect(sets).toEqual([]);
  });
});

describe('without a Python extension', () => {
  it('opening a folder changes nothing', async () => {
    const outcome = await autoSelect(FOLDER, OWN, settingsWay(write), memory);
    expect(outcome).toBe('no Python extension');
    expect(memory.recall(FOLDER.uri)).toBeNull();
  });

  it('a command does not write over unsaved changes', async () => {
    const path = temporaryFolder();
    const folder = { ...FOLDER, uri: Uri.file(path) } as unknown as WorkspaceFolder;
    const file = makeFile(`${path}/.vscode/settings.json`, '{}');
    workspace.textDocuments = [{ uri: Uri.file(file), isDirty: true }];
    await expect(settingsWay(write).select(folder, CHOICE)).rejects.toThrow(/has unsaved changes/);
  });
});

describe('as the setting says', () => {
  const folder = () => ({ name: 'work', uri: Uri.file(temporaryFolder()) });
  let work: WorkspaceFolder;
  let active: string;
  let log: string[];
  let selection: Selection;

  /** The Python extension is there, and takes what it is given. */
  beforeEach(() => {
    const one = folder();
    work = one as unknown as WorkspaceFolder;
    workspace.workspaceFolders = [one];
    active = 'python';
    log = [];
    const environments = {
      getActiveEnvironmentPath: () => ({
        id: active === 'python' ? 'DEFAULT_PYTHON' : active,
        path: active,
      }),
      resolveEnvironment: async (path: string) => ({ path }),
      updateActiveEnvironmentPath: async (path: string) => {
        active = path;
      },
      onDidChangeActiveEnvironmentPath: (listener: () => void) => {
        setTimeout(listener, 5);
        return { dispose: () => {} };
      },
    };
    installed.set('ms-python.python', { isActive: true, exports: { environments } });
    const channel = {
      info: (text: string) => log.push(text),
      warn: (text: string) => log.push(text),
    };
    selection = createSelection(newMemento(), channel as never, write);
  });
  afterEach(() => {
    installed.clear();
    workspace.workspaceFolders = [];
  });

  const looked = (): Looked => ({
    folders: [{ uri: work.uri.toString(), own: OWN, environments: 1, broken: 0, record: 'api' }],
    errors: 0,
    warnings: 0,
  });

  it('api: the Python extension is told, and no file is written', async () => {
    const way = await selection.select(work, CHOICE, 'api');
    expect([way?.name, active, written]).toEqual(['python', OWN.interpreter, []]);
  });

  it('settings: the file is written, though the Python extension is there', async () => {
    const way = await selection.select(work, CHOICE, 'settings');
    expect([way?.name, active]).toEqual(['settings', 'python']);
    expect(written).toEqual([[work.uri.toString(), OWN.setting]]);
  });

  it('off: nobody is told, and nothing is selected by itself later', async () => {
    expect(await selection.select(work, CHOICE, 'off')).toBeNull();
    await selection.afterLook(looked());
    expect([active, written]).toEqual(['python', []]);
    expect(log.at(-1)).toMatch(/was selected before/);
  });

  it.each(['settings', 'off'])('%s: nothing is selected by itself', async (record) => {
    configured.set('holdfast.interpreterPath', record);
    await selection.afterLook(looked());
    expect([active, written, log]).toEqual(['python', [], []]);
  });

  it('nothing is selected by itself while a command works on the folder', async () => {
    await selection.whileWorking(work, () => selection.afterLook(looked()));
    expect(active).toBe('python');
    await selection.afterLook(looked());
    expect(active).toBe(OWN.interpreter);
  });
});
