// Opens VS Code with Holdfast on a sample workspace, or on a folder of yours. `npm start [-- FOLDER]`

import './require-node.mjs';
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { canOpenBrowser, findDesktop, openDesktop } from './desktop.mjs';
import { buildVsix } from './package.mjs';
import { cleanEnvironment } from './processes.mjs';
import { findPython } from './python.mjs';
import { makeSample } from './sample.mjs';
import { bold, Failure, main, note, step } from './terminal.mjs';
import { installVscode } from './vscode/install.mjs';
import { installExtension, startServer } from './vscode.mjs';

const usage = `npm start [-- [FOLDER] [OPTIONS]]

Builds Holdfast and opens VS Code with it, on a sample workspace or on FOLDER.

  --fresh     make the sample workspace again, with its broken environment broken
  --browser   use the VS Code from npm in a browser, also where a desktop editor is installed
  --no-open   open nothing: print the address or the command
  --port N    the port of the VS Code in the browser (implies --browser)
  --help      show this text`;

const options = {
  fresh: { type: 'boolean', default: false },
  browser: { type: 'boolean', default: false },
  'no-open': { type: 'boolean', default: false },
  port: { type: 'string' },
  help: { type: 'boolean', default: false },
};

await main(start);

async function start(args) {
  const request = parse(args);
  if (typeof request === 'string') {
    console.log(request);
    return request === usage ? 0 : 2;
  }
  const python = await findPython();
  step(`Node ${process.versions.node}, Python ${python.release} (${python.path})`);
  const desktop = request.browser ? { reason: 'the browser was asked for' } : findDesktop();
  if (!desktop.command) {
    refuseOtherSystems(desktop.reason);
  }
  const vsix = await buildVsix();
  const trusted = !request.folder;
  const folder =
    request.folder ?? (await makeSample({ fresh: request.fresh, python: python.path })).folder;
  return desktop.command
    ? showOnDesktop({ ...request, command: desktop.command, vsix, folder, trusted })
    : showInBrowser({ ...request, reason: desktop.reason, vsix, folder, trusted });
}

/** What was asked for, or the text to answer with. */
function parse(args) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help) {
      return usage;
    }
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
      return `--port takes a number from 1 to 65535, not ${values.port}.`;
    }
    if (positionals.length > 1) {
      return `One folder can be opened, not ${positionals.length}.\n\n${usage}`;
    }
    // npm runs scripts in the repository's folder; the person stands elsewhere.
    const folder = positionals[0] && resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0]);
    if (folder && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      return `${folder} is not a folder. Name a folder that exists, or none for the sample.`;
    }
    const { fresh } = values;
    return {
      folder,
      fresh,
      port,
      open: !values['no-open'],
      browser: values.browser || port !== undefined,
    };
  } catch (error) {
    return `${error.message}\n\n${usage}`;
  }
}

function refuseOtherSystems(reason) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Failure(
      `No desktop editor can be used (${reason}), and the VS Code from npm runs on Linux x64 only. ` +
        'Install VS Code, put its command `code` on PATH, and run npm start again. ' +
        'Or build the extension with `npm run package` and install holdfast.vsix by hand.',
    );
  }
}

async function showOnDesktop({ command, vsix, folder, trusted, open }) {
  step(`Installing Holdfast into ${command}, in folders of its own (.local/code)`);
  const line = await openDesktop({ command, vsix, folder, trusted, open });
  if (open) {
    step(`Opened ${folder}. Close the window when you are done; your own editor is untouched.`);
  } else {
    console.log(line.map((part) => (/\s/.test(part) ? `"${part}"` : part)).join(' '));
  }
  return 0;
}

async function showInBrowser({ reason, vsix, folder, trusted, port, open }) {
  step(`Using the VS Code from npm in a browser (${reason})`);
  await installVscode({ log: note });
  await installExtension(vsix);
  const server = await startServer({ folder, port, trusted });
  const stopped = untilStopped(server);
  console.log(
    `\n  ${bold('Open this address in a browser on this machine:')}\n  ${server.address}\n`,
  );
  step('VS Code is running. Press Ctrl+C to stop it.');
  if (open && canOpenBrowser()) {
    spawn('xdg-open', [server.address], {
      env: cleanEnvironment(),
      detached: true,
      stdio: 'ignore',
    })
      .on('error', () => {})
      .unref();
  }
  return stopped;
}

/** Waits for Ctrl+C, a signal or the server's own end, and leaves no process. */
async function untilStopped(server) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const asked = new Promise((resolve) => {
    for (const name of signals) {
      process.on(name, () => resolve(name));
    }
    watchNpm(resolve);
  });
  const cause = await Promise.race([asked, server.ended.then(() => undefined)]);
  await server.stop();
  if (cause) {
    step('Stopped.');
    return 0;
  }
  throw new Failure('VS Code ended by itself. What it wrote is in .local/code/server.log.');
}

/** Under npm: when npm is killed without a chance to pass the signal on, nobody is left to press Ctrl+C. */
function watchNpm(stop) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
    setInterval(() => process.ppid !== parent && stop('npm'), 500).unref();
  }
}
