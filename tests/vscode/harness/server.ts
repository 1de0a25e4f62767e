import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { vscodePaths } from '../../../scripts/vscode/install.mjs';
import { artifact } from './paths.js';
import { until } from './waiting.js';

/** One running VS Code. Any number of windows can be opened on it; they share its settings and extensions. */
export interface Server {
  /** The address that opens a folder or a `.code-workspace` file. */
  address(folderOrWorkspace: string): string;
  /** Everything that this VS Code writes lies below this folder: its data, its extensions, its HOME. */
  folder: string;
  home: string;
  pid: number;
  changeSettings(settings: Settings): void;
  /** Ends VS Code and everything that it has started, and removes its folder. */
  stop(): Promise<void>;
}

export type Settings = Record<string, unknown>;

export interface ServerOptions {
  /** User settings, beside those that keep the window free of clutter. */
  settings?: Settings;
  /** .vsix files beside Holdfast itself. */
  extensions?: string[];
  /** Environment variables; undefined takes one away. */
  environment?: Record<string, string | undefined>;
  /** Whether VS Code asks for trust; without it every folder is trusted. */
  trust?: boolean;
  /** Wraps the command that starts VS Code, for example in a mount namespace. */
  wrap?: (command: string[]) => string[];
}

const token = 'holdfast-tests';

const quietSettings: Settings = {
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts a VS Code with Holdfast installed from the built package, in a temporary folder of its own. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-vscode-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  changeSettings(folder, options);
  const child = spawnServer(folder, home, options);
  killWithThisProcess(child);
  const log = artifact('server.log');
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
    appendFileSync(log, chunk);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const stop = async () => {
    await killGroup(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const portNumber = await until(
    'VS Code listens and has its extensions',
    () => {
      if (child.exitCode !== null) {
        throw new Error(`VS Code ended with ${child.exitCode}`);
      }
      if (output.includes('Failed Installing Extensions')) {
        throw new Error('An extension could not be installed');
      }
      const installed = output.match(/was successfully installed/g)?.length ?? 0;
      return installed > (options.extensions?.length ?? 0) && port(output);
    },
    { timeout: 60_000, last: () => output },
  ).catch(async (error) => {
    await stop();
    throw error;
  });
  if (child.pid === undefined) {
    throw new Error('VS Code has no process id.');
  }
  return {
    address: (path) => `http://127.0.0.1:${portNumber}/?tkn=${token}&${query(path)}`,
    folder,
    home,
    pid: child.pid,
    changeSettings: (settings) => changeSettings(folder, { ...options, settings }),
    stop,
  };
}

function port(output: string): string | undefined {
  return /agent listening on (\d+)/.exec(output)?.[1];
}

function query(path: string): string {
  const kind = path.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `${kind}=${encodeURIComponent(path)}`;
}

// In a remote window, which this is, settings of machine scope are read from the machine's own file.
function changeSettings(folder: string, options: ServerOptions): void {
  const settings = { ...quietSettings, ...options.settings };
  for (const level of ['User', 'Machine']) {
    const target = join(folder, 'data', 'data', level);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'settings.json'), JSON.stringify(settings, null, 2));
  }
}

function spawnServer(folder: string, home: string, options: ServerOptions): ChildProcess {
  const { node, serverMain } = vscodePaths();
  const extensions = [inject('vsix'), ...(options.extensions ?? [])];
  const command = [
    node,
    serverMain,
    ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token],
    ...['--server-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...(options.trust ? [] : ['--disable-workspace-trust']),
    ...extensions.flatMap((file) => ['--install-extension', file]),
    '--start-server',
  ];
  const [executable = node, ...args] = options.wrap?.(command) ?? command;
  return spawn(executable, args, {
    cwd: home,
    // A group of its own: whatever VS Code starts can be ended with it.
    detached: true,
    env: serverEnvironment(home, options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function serverEnvironment(
  home: string,
  changes: ServerOptions['environment'] = {},
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    EXTENSIONS_GALLERY: '{}',
    // Extensions get these variables as they are, and not what a login shell would make of them.
    VSCODE_CLI: '1',
    ...changes,
  };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) {
      delete environment[name];
    }
  }
  return environment;
}

// At once: it has nothing to save, and takes a second to end by itself.
async function killGroup({ pid }: ChildProcess): Promise<void> {
  if (pid !== undefined) {
    signalGroup(pid, 'SIGKILL');
    await until('VS Code has ended', () => !signalGroup(pid, 0));
  }
}

// Answers whether the group still has a process.
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

function killWithThisProcess(child: ChildProcess): void {
  const kill = () => {
    if (child.pid !== undefined) {
      signalGroup(child.pid, 'SIGKILL');
    }
  };
  const killAndEnd = () => process.exit(1); // which comes back to `kill`
  process.on('exit', kill).on('SIGTERM', killAndEnd);
  child.on('exit', () => process.off('exit', kill).off('SIGTERM', killAndEnd));
}
