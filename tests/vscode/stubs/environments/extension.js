// Stands in for ms-python.vscode-python-envs, which no registry carries. Types: @vscode/python-environments.
// Only what deals with choosing an environment does something; the rest is there for the shape.

const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const vscode = require('vscode');

const folder = process.env.HOLDFAST_STUBS;
const selections = join(folder, 'selections.json');

function record(call, details) {
  const line = JSON.stringify({ api: 'environments', call, ...details });
  appendFileSync(join(folder, 'calls.jsonl'), `${line}\n`);
}

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  const never = new vscode.EventEmitter();
  return {
    onDidChangeEnvironment: changed.event,
    onDidChangeEnvironments: never.event,
    onDidChangePackages: never.event,
    onDidChangePythonProjects: never.event,
    onDidChangeEnvironmentVariables: never.event,
    async getEnvironment(scope) {
      const path = readSelections()[folderOf(scope)?.uri.fsPath ?? ''];
      // Where nothing has been chosen the real extension answers with a global interpreter that it has found.
      return path ? environment(path) : environment('/usr/bin/python3');
    },
    async setEnvironment(scope, chosen) {
      const key = folderOf(scope)?.uri.fsPath ?? '';
      const path = chosen?.execInfo.run.executable;
      record('setEnvironment', { path: path ?? null, folder: key || null });
      const old = readSelections()[key];
      writeFileSync(selections, JSON.stringify({ ...readSelections(), [key]: path }));
      changed.fire({ uri: scope, old: old ? environment(old) : undefined, new: chosen });
    },
    async resolveEnvironment(uri) {
      record('resolveEnvironment', { path: uri.fsPath });
      return existsSync(uri.fsPath) ? environment(uri.fsPath) : undefined;
    },
    async getEnvironments() {
      return [];
    },
    async refreshEnvironments() {},
    registerEnvironmentManager() {
      // Choosing through a manager writes its id into the team's settings.
      record('registerEnvironmentManager', {});
      return { dispose() {} };
    },
    getPythonProjects: () => [],
    getPythonProject: () => undefined,
  };
};

function environment(path) {
  const prefix = dirname(dirname(path));
  const own = existsSync(join(prefix, 'pyvenv.cfg'));
  const name = own ? basename(prefix) : basename(path);
  return {
    envId: { id: path, managerId: own ? 'ms-python.python:venv' : 'ms-python.python:system' },
    name,
    displayName: name,
    displayPath: path,
    version: '',
    environmentPath: vscode.Uri.file(path),
    execInfo: { run: { executable: path } },
    sysPrefix: prefix,
  };
}

function folderOf(scope) {
  const uri = Array.isArray(scope) ? scope[0] : scope;
  return uri ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
}

function readSelections() {
  return existsSync(selections) ? JSON.parse(readFileSync(selections, 'utf8')) : {};
}
