// Which desktop editor on this machine may show the sample, and how it is opened.

import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { allOnPath } from './command.mjs';
import { code } from './paths.mjs';
import { cleanEnvironment } from './processes.mjs';
import { mustRun } from './run.mjs';
import { firstRunSettings, writeSettings } from './settings.mjs';

const editors = ['code', 'codium', 'cursor'];

const applications = [
  '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
  '/Applications/VSCodium.app/Contents/Resources/app/bin/codium',
  '/Applications/Cursor.app/Contents/Resources/app/bin/cursor',
];

/**
 * The desktop editor to use: `{ command }`, or `{ reason }` why none is used.
 *
 * @param {{env: Record<string, string | undefined>, platform: string, root: boolean}} machine
 */
export function findDesktop({
  env = process.env,
  platform = process.platform,
  root = process.getuid?.() === 0,
} = {}) {
  if (root) {
    return { reason: 'desktop editors refuse to run as root' };
  }
  if (env.VSCODE_IPC_HOOK_CLI) {
    return {
      reason:
        'this terminal belongs to a remote window, whose commands open files on another machine',
    };
  }
  if (!hasDisplay(env, platform)) {
    return { reason: 'there is no display' };
  }
  const commands = editors.flatMap((editor) => allOnPath(editor, env));
  if (platform === 'darwin') {
    commands.push(...applications.filter((path) => existsSync(path)));
  }
  const command = commands.find((path) => !isRemote(path));
  return command
    ? { command }
    : { reason: 'none of the commands code, codium and cursor is on PATH' };
}

function hasDisplay(env, platform) {
  if (platform === 'linux') {
    return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  }
  return !env.SSH_CONNECTION;
}

/** Whether a command hands its files to a window elsewhere: a remote server's, or the Windows side of WSL. */
function isRemote(path) {
  return [path, realpathSync(path)].some((name) =>
    /[\\/]remote-cli[\\/]|^\/mnt\/[a-z]\//.test(name),
  );
}

/** Whether a person at this machine would see a browser that we open. */
export function canOpenBrowser(env = process.env, platform = process.platform) {
  return platform === 'linux' && hasDisplay(env, platform) && allOnPath('xdg-open', env).length > 0;
}

/**
 * Installs the extension into an editor and opens a folder, both apart from the person's own editor.
 *
 * @param {{command: string, vsix: string, folder: string, trusted: boolean, open: boolean, home?: string}} what
 *   `home` gets the editor's settings and extensions
 * @returns {Promise<string[]>} the command line that opens, or would open, the folder
 */
export async function openDesktop({ command, vsix, folder, trusted, open, home = code }) {
  const userData = join(home, 'desktop');
  const own = ['--user-data-dir', userData, '--extensions-dir', join(home, 'desktop-extensions')];
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeSettings(join(userData, 'User', 'settings.json'), firstRunSettings);
  await editor(
    command,
    [...own, '--install-extension', vsix, '--force'],
    `${command} could not install holdfast.vsix. It said:`,
  );
  const args = [...own, '--new-window', ...(trusted ? ['--disable-workspace-trust'] : []), folder];
  if (open) {
    await editor(command, args, `${command} could not open ${folder}. It said:`);
  }
  return [command, ...args];
}

function editor(command, args, advice) {
  const options = { env: cleanEnvironment(), advice };
  if (process.platform !== 'win32') {
    return mustRun(command, args, options);
  }
  // On Windows these commands are batch files, which only a shell runs.
  const line = [command, ...args].map((part) => `"${part}"`).join(' ');
  return mustRun('cmd.exe', ['/d', '/s', '/c', `"${line}"`], { ...options, verbatim: true });
}
