import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { listedByLauncher, newestFirst } from '../../extension/src/candidates';
import { type FileFacts, type Machine, thisMachine } from '../../extension/src/machine';
import { findPython } from '../../extension/src/python';
import { makeFile, temporaryFolder } from './folders';

// The first bytes of an executable, so that nothing takes the file for a script.
const ELF = '\x7fELF';

let root: string;
let started: string[];

beforeEach(() => {
  root = temporaryFolder();
  started = [];
});

/** Real files; what would be started answers as the map says. */
function machine(answers: Record<string, string>, changes: Partial<Machine> = {}): Machine {
  return {
    ...thisMachine(() => []),
    platform: 'linux',
    env: { PATH: join(root, 'bin') },
    home: join(root, 'home'),
    // The well-known folders of this very machine must not help.
    list: async () => [],
    run: async (command) => {
      started.push(command);
      const stdout = answers[command];
      return stdout === undefined
        ? { code: 1, stdout: '', stderr: 'Fatal error\nno standard library', timedOut: false }
        : { code: 0, stdout, stderr: '', timedOut: false };
    },
    ...changes,
  };
}

function executable(...names: string[]): string {
  return makeFile(join(root, ...names), ELF, 0o755);
}

describe('on PATH', () => {
  it('takes the first that is new enough, and says why the others are not', async () => {
    const old = executable('bin', 'python3');
    const good = executable('more', 'python3');
    const search = await findPython(
      machine(
        { [old]: '3.9.18 ', [good]: '3.12.4 ok' },
        { env: { PATH: `${join(root, 'bin')}:${join(root, 'more')}` } },
      ),
      '',
    );
    expect(search.python).toEqual({ path: good, version: '3.12.4' });
    expect(search.passedOver).toEqual([
      { path: old, why: 'is Python 3.9.18; 3.10 or newer is needed' },
    ]);
  });

  it('prefers python3 in any folder to python in an earlier one', async () => {
    const python = executable('bin', 'python');
    const python3 = executable('more', 'python3');
    const env = { PATH: `${join(root, 'bin')}:${join(root, 'more')}` };
    const search = await findPython(
      machine({ [python]: '3.11.0 ok', [python3]: '3.10.0 ok' }, { env }),
      '',
    );
    expect(search.python?.path).toBe(python3);
  });

  it('passes over what lies in the workspace, also behind a link, and never starts it', async () => {
    const inside = executable('project', 'bin', 'python3');
    mkdirSync(join(root, 'bin'));
    symlinkSync(inside, join(root, 'bin', 'python3'));
    const env = { PATH: `${join(root, 'project', 'bin')}:${join(root, 'bin')}` };
    const workspace = () => [join(root, 'project')];
    const search = await findPython(machine({ [inside]: '3.12.4 ok' }, { env, workspace }), '');
    expect(search.python).toBeNull();
    expect(search.passedOver.map(({ why }) => why)).toEqual([
      'is in the workspace',
      'is in the workspace',
    ]);
    expect(started).toEqual([]);
  });

  it('takes a Python of the workspace that the setting names', async () => {
    const inside = executable('project', 'bin', 'python3');
    const workspace = () => [join(root, 'project')];
    const search = await findPython(machine({ [inside]: '3.12.4 ok' }, { workspace }), inside);
    expect(search.python?.path).toBe(inside);
  });

  it('ignores relative entries, which mean the workspace', async () => {
    const previous = process.cwd();
    executable('bin', 'python3');
    process.chdir(root);
    try {
      const search = await findPython(machine({}, { env: { PATH: 'bin:.:' } }), '');
      expect(search).toEqual({ python: null, passedOver: [], setting: null });
      expect(started).toEqual([]);
    } finally {
      process.chdir(previous);
    }
  });

  it('does not start the same file twice under two names', async () => {
    const real = executable('bin', 'python3');
    symlinkSync('python3', join(root, 'bin', 'python'));
    await findPython(machine({}), '');
    expect(started).toEqual([real]);
  });
});

describe('passed over without being started', () => {
  async function passedOver(path: string, changes: Partial<Machine> = {}): Promise<string> {
    const search = await findPython(machine({ [path]: '3.13.0 ok' }, changes), path);
    expect(started).toEqual([]);
    expect(search.python).toBeNull();
    expect(search.setting?.path).toBe(path);
    return search.setting?.why ?? '';
  }

  it('a Python in an environment: pyvenv.cfg one above', async () => {
    makeFile(join(root, 'env', 'pyvenv.cfg'), 'home = /usr/bin\n');
    const path = executable('env', 'bin', 'python3');
    expect(await passedOver(path)).toBe(`is in the virtual environment ${join(root, 'env')}`);
  });

  it('a Python in an environment: pyvenv.cfg beside it', async () => {
    makeFile(join(root, 'env', 'pyvenv.cfg'));
    const path = executable('env', 'python3');
    expect(await passedOver(path)).toBe(`is in the virtual environment ${join(root, 'env')}`);
  });

  it('a link from outside into an environment', async () => {
    makeFile(join(root, 'env', 'pyvenv.cfg'));
    const base = executable('base', 'bin', 'python3');
    mkdirSync(join(root, 'env', 'bin'));
    symlinkSync(base, join(root, 'env', 'bin', 'python3'));
    mkdirSync(join(root, 'bin'));
    symlinkSync('../env/bin/python3', join(root, 'bin', 'python3'));
    expect(await passedOver(join(root, 'bin', 'python3'))).toContain('in the virtual environment');
  });

  it('a link to the folder of an environment', async () => {
    makeFile(join(root, 'env', 'pyvenv.cfg'));
    executable('env', 'bin', 'python3');
    symlinkSync('env/bin', join(root, 'bin'));
    expect(await passedOver(join(root, 'bin', 'python3'))).toContain('in the virtual environment');
  });

  it('a file in a shims folder', async () => {
    const path = executable('.pyenv', 'shims', 'python3');
    expect(await passedOver(path)).toBe('is a shim of a version manager');
  });

  it('a script, whatever its folder is called', async () => {
    const path = makeFile(join(root, 'bin', 'python3'), '#!/bin/sh\nexit 0\n', 0o755);
    expect(await passedOver(path)).toContain('is a script');
  });

  it('a file that may not be executed', async () => {
    const path = makeFile(join(root, 'bin', 'python3'), ELF, 0o644);
    expect(await passedOver(path)).toBe('may not be executed');
  });

  it('an empty file', async () => {
    const path = makeFile(join(root, 'bin', 'python3'), '', 0o755);
    expect(await passedOver(path)).toBe('is an empty file');
  });

  it('a link that leads nowhere, and one in a circle', async () => {
    mkdirSync(join(root, 'bin'));
    symlinkSync('/no/such/python', join(root, 'bin', 'gone'));
    symlinkSync('circle', join(root, 'bin', 'circle'));
    expect(await passedOver(join(root, 'bin', 'gone'))).toBe('is a link that leads nowhere');
    expect(await passedOver(join(root, 'bin', 'circle'))).toBe('is a link that leads nowhere');
  });

  it('a pipe, which would hang whoever reads it', async () => {
    const path = join(root, 'python3');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    expect(await passedOver(path)).toBe('is not a regular file');
  });

  it('a folder', async () => {
    expect(await passedOver(root)).toBe('is a folder, not an executable');
  });

  it('the Store’s placeholder on Windows', async () => {
    const path = 'C:\\Users\\a\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe';
    expect(await passedOver(path, { platform: 'win32' })).toContain('Microsoft Store');
  });

  it('/usr/bin/python3 on a Mac, only while there are no developer tools', async () => {
    const file: FileFacts = { kind: 'file', size: 9, executable: true };
    const files = new Set(['/usr/bin/python3']);
    const mac: Partial<Machine> = {
      platform: 'darwin',
      facts: async (path) => (files.has(path) ? file : null),
      readLink: async () => null,
      realPath: async (path) => path,
      firstBytes: async () => ELF,
    };
    expect(await passedOver('/usr/bin/python3', mac)).toContain('developer tools');
    files.add('/Library/Developer/CommandLineTools/usr/bin/python3');
    const search = await findPython(
      machine({ '/usr/bin/python3': '3.11.5 ok' }, mac),
      '/usr/bin/python3',
    );
    expect(search.python?.version).toBe('3.11.5');
  });
});

describe('the setting', () => {
  it('is taken even where PATH has another', async () => {
    executable('bin', 'python3');
    const chosen = executable('chosen', 'python');
    const search = await findPython(machine({ [chosen]: '3.10.1 ok' }), `  ${chosen} `);
    expect(search.python?.path).toBe(chosen);
  });

  it('is not silently replaced by another Python', async () => {
    const other = executable('bin', 'python3');
    const missing = join(root, 'nowhere', 'python');
    const search = await findPython(machine({ [other]: '3.12.0 ok' }), missing);
    expect(search.python).toBeNull();
    expect(search.setting).toEqual({ path: missing, why: 'does not exist' });
    expect(started).toEqual([]);
  });

  it('must be absolute, but may begin with the home folder', async () => {
    expect((await findPython(machine({}), 'python3')).setting?.why).toBe('is not an absolute path');
    const path = executable('home', 'py', 'python3');
    const search = await findPython(machine({ [path]: '3.12.0 ok' }), '~/py/python3');
    expect(search.python?.path).toBe(path);
  });
});

describe('started', () => {
  it('says how it failed', async () => {
    const path = executable('bin', 'python3');
    const { setting } = await findPython(machine({}), path);
    expect(setting?.why).toBe('does not start: no standard library');
  });

  it('says that it did not answer', async () => {
    const path = executable('bin', 'python3');
    const run = async () => ({ code: null, stdout: '', stderr: '', timedOut: true });
    const { setting } = await findPython(machine({}, { run }), path);
    expect(setting?.why).toContain('did not answer');
  });

  it('is refused when only running it shows that it is an environment', async () => {
    const path = executable('bin', 'python3');
    const { setting } = await findPython(machine({ [path]: '3.12.0 env' }), path);
    expect(setting?.why).toBe('is in a virtual environment');
  });
});

describe('on Windows', () => {
  it('reads the list of the launcher', () => {
    const output = [
      ' -V:3.13 *        C:\\Python313\\python.exe',
      ' -V:3.12          C:\\Users\\a b\\Python312\\python.exe',
      ' -V:Astral/CPython3.11.9 C:\\uv\\python.exe',
      'No suitable Python runtime found',
    ].join('\r\n');
    expect(listedByLauncher(output)).toEqual([
      'C:\\Python313\\python.exe',
      'C:\\Users\\a b\\Python312\\python.exe',
      'C:\\uv\\python.exe',
    ]);
  });

  it('starts the launcher only by its full path, and only to list', async () => {
    const launcher = 'C:\\Windows\\py.exe';
    const python = 'C:\\Python313\\python.exe';
    const calls: string[] = [];
    const search = await findPython(
      machine(
        {},
        {
          platform: 'win32',
          env: { SystemRoot: 'C:\\Windows', PATH: '' },
          facts: async (path) =>
            path === launcher || path === python
              ? { kind: 'file', size: 9, executable: true }
              : null,
          readLink: async () => null,
          realPath: async (path) => path,
          firstBytes: async () => 'MZ',
          run: async (command, args) => {
            calls.push([command, args[0]].join(' '));
            const stdout = command === launcher ? ` -V:3.13 * ${python}\r\n` : '3.13.1 ok';
            return { code: 0, stdout, stderr: '', timedOut: false };
          },
        },
      ),
      '',
    );
    expect(search.python).toEqual({ path: python, version: '3.13.1' });
    expect(calls).toEqual([`${launcher} -0p`, `${python} -I`]);
  });
});

it('orders names by their numbers', () => {
  const names = ['3.9.18', '3.12.1', '2.7.18', '3.13.0', '3.12.10'];
  expect(names.sort(newestFirst)).toEqual(['3.13.0', '3.12.10', '3.12.1', '3.9.18', '2.7.18']);
  expect(['python3', 'python', 'python3.9', 'python3.12'].sort(newestFirst)[0]).toBe('python3.12');
});

const versions = join(homedir(), '.pyenv', 'versions');
const installed = existsSync(versions)
  ? readdirSync(versions).filter((name) => existsSync(join(versions, name, 'bin', 'python')))
  : [];

describe.skipIf(installed.length === 0)('with the real interpreters of pyenv', () => {
  it.each(installed)('judges %s by its version', async (version) => {
    const path = join(versions, version, 'bin', 'python');
    const search = await findPython(
      thisMachine(() => []),
      path,
    );
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === 3 && minor >= 10) {
      expect(search.python).toEqual({ path, version });
    } else {
      expect(search.python).toBeNull();
      expect(search.setting?.why).toMatch(/older than Python 3\.10|3\.10 or newer is needed/);
    }
  });

  it('finds one in the folder of versions when PATH has only shims', async () => {
    const shims = join(root, 'shims');
    makeFile(join(shims, 'python3'), '#!/bin/sh\n', 0o755);
    const real = thisMachine(() => []);
    const list = (path: string) =>
      path.startsWith(versions) ? real.list(path) : Promise.resolve([]);
    const search = await findPython({ ...real, env: { PATH: shims }, list }, '');
    expect(search.python?.path.startsWith(versions)).toBe(true);
    expect(search.passedOver[0]?.why).toBe('is a shim of a version manager');
  });
});
