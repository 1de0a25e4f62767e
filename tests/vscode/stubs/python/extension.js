// Stands in for ms-python.python, which no registry carries: the same exported shape, and the behaviour that
// src/client/environmentApi.ts of microsoft/vscode-python has. Types: @vscode/python-extension.

const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const vscode = require('vscode');

const folder = process.env.HOLDFAST_STUBS;
const selections = join(folder, 'selections.json');

function record(call, details) {
  const line = JSON.stringify({ api: 'python', call, ...details });
  appendFileSync(join(folder, 'calls.jsonl'), `${line}\n`);
}

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  const never = new vscode.EventEmitter();
  const environments = {
    known: [],
    onDidChangeActiveEnvironmentPath: changed.event,
    onDidChangeEnvironments: never.event,
    onDidEnvironmentVariablesChange: never.event,
    getActiveEnvironmentPath(resource) {
      const path = stored(resource) ?? configured(resource) ?? 'python';
      // The id that the real extension gives where nothing has been chosen.
      return { id: path === 'python' ? 'DEFAULT_PYTHON' : path, path };
    },
    async updateActiveEnvironmentPath(environment, resource) {
      const path = typeof environment === 'string' ? environment : environment.path;
      const workspaceFolder = folderOf(resource);
      record('updateActiveEnvironmentPath', { path, folder: workspaceFolder?.uri.fsPath ?? null });
      // It is stored as given: the real extension does not validate either.
      store(workspaceFolder, path);
      changed.fire({ id: path, path, resource: workspaceFolder });
    },
    async resolveEnvironment(environment) {
      const path = typeof environment === 'string' ? environment : environment.path;
      record('resolveEnvironment', { path });
      return existsSync(path) ? resolved(path) : undefined;
    },
    async refreshEnvironments() {},
    getEnvironmentVariables: () => process.env,
  };
  return { ready: Promise.resolve(), environments };
};

function resolved(path) {
  const prefix = dirname(dirname(path));
  const isEnvironment = existsSync(join(prefix, 'pyvenv.cfg'));
  return {
    id: path,
    path,
    executable: { uri: vscode.Uri.file(path), bitness: '64-bit', sysPrefix: prefix },
    environment: isEnvironment
      ? { type: 'VirtualEnvironment', name: basename(prefix), folderUri: vscode.Uri.file(prefix) }
      : undefined,
    version: undefined,
    tools: isEnvironment ? ['Venv'] : [],
  };
}

function folderOf(resource) {
  const uri = resource && 'uri' in resource ? resource.uri : resource;
  return uri ? vscode.workspace.getWorkspaceFolder(uri) : vscode.workspace.workspaceFolders?.[0];
}

function configured(resource) {
  const scope = folderOf(resource)?.uri;
  const value = vscode.workspace.getConfiguration('python', scope).get('defaultInterpreterPath');
  return value?.replaceAll(/\$\{workspaceFolder\}/g, scope?.fsPath ?? '');
}

// The real extension keeps the choice in the window's storage; a file can be read and written by a test.
function readSelections() {
  return existsSync(selections) ? JSON.parse(readFileSync(selections, 'utf8')) : {};
}

function stored(resource) {
  return readSelections()[folderOf(resource)?.uri.fsPath ?? ''];
}

function store(workspaceFolder, path) {
  const all = { ...readSelections(), [workspaceFolder?.uri.fsPath ?? '']: path };
  writeFileSync(selections, JSON.stringify(all));
}
