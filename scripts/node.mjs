// The Node packages that the build and the tests need. `node scripts/node.mjs` installs them.

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath } from './command.mjs';
import { root } from './paths.mjs';
import { mustRun } from './run.mjs';
import { hashOf, makeOnce } from './stamp.mjs';
import { Failure, main, step } from './terminal.mjs';

/** Makes sure that node_modules is what package-lock.json says. */
export async function nodePackages() {
  const lock = join(root, 'package-lock.json');
  const hash = hashOf(lock, { text: `${process.platform} ${process.arch}` });
  await makeOnce('node-packages', hash, join(root, 'node_modules', 'esbuild'), async () => {
    step('Installing the Node packages (npm ci)');
    const [command, ...args] = npm();
    await mustRun(command, [...args, 'ci', '--no-audit', '--no-fund'], {
      advice:
        'npm could not install the packages. Check the network (or the proxy settings of npm) and try again. npm said:',
    });
  });
}

/** The command line that starts npm: under `npm start` the very npm that runs this script. */
function npm() {
  if (process.env.npm_execpath?.endsWith('.js')) {
    return [process.execPath, process.env.npm_execpath];
  }
  // Windows: npm is a batch file, which Node does not start without a shell; what it calls stands beside it.
  const beside = join(process.execPath, '..', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (process.platform === 'win32') {
    return [process.execPath, beside];
  }
  if (!onPath('npm')) {
    throw new Failure(
      'npm is not on PATH. It comes with Node; Debian and Ubuntu have it in the package npm.',
    );
  }
  return ['npm'];
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  await main(nodePackages);
}
