import { mkdirSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkspaceFolder } from 'vscode';
import { makeAndSelect } from '../../extension/src/commands/create';
import type { CreateParams, Creation, Interpreter } from '../../extension/src/protocol';
import { baseItems, whyNotPython } from '../../extension/src/ui/bases';
import { firstLines, reportCreation, reportSelected } from '../../extension/src/ui/creations';
import { freeName, occupant, whyNotName } from '../../extension/src/ui/folderNames';
import { makeFile, temporaryFolder } from './folders';
import { copied, executed, pressed, shown, Uri } from './vscode';

// It loads only inside VS Code, and nothing here talks to a helper.
vi.mock('vscode-languageclient/node', () => ({ WorkDoneProgress: {} }));

const MADE: Creation = {
  environment: '/code/.venv',
  interpreter: '/code/.venv/bin/python',
  version: '3.12.4',
  base: { path: '/usr/bin/python3.12', stable: '/usr/bin/python3.12', version: '3.12.4' },
  links: 'symlink',
  alias: false,
  seeded: [],
  redirect: null,
  installed: [],
  notes: [],
  setting: '',
  record: 'api',
  failure: null,
};
const WAY = { title: 'the Python extension' } as never;

function newLog() {
  const errors: string[] = [];
  return {
    errors,
    error: (text: string) => errors.push(text),
    info: () => {},
    show: () => errors.push('shown'),
  };
}

beforeEach(() => {
  pressed.length = 0;
  executed.length = 0;
  for (const messages of Object.values(shown)) {
    messages.length = 0;
  }
});

describe('the name of a new environment', () => {
  const parent = temporaryFolder();

  it.each(['.venv', 'env', ' .venv ', 'ünïcode', 'two words'])('may be %j', (name) => {
    expect(whyNotName(parent, name)).toBeNull();
  });

  it.each(['', '  ', '.', '..', 'a/b', 'a\\b', '../up', 'C:', 'a:b'])('may not be %j', (name) => {
    expect(whyNotName(parent, name)).toMatch(/^Give /);
  });

  it('may be that of an environment, with a warning that is no error', () => {
    const folder = temporaryFolder();
    makeFile(`${folder}/.venv/pyvenv.cfg`);
    expect(whyNotName(folder, '.venv')).toEqual({
      message: '.venv is an environment. It can be replaced; you are asked before.',
      severity: 2,
    });
  });

  it('may be that of an empty folder, where the volume of a container is mounted for example', () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/.venv/lost+found`, { recursive: true });
    expect(whyNotName(folder, '.venv')).toBeNull();
  });

  it('may not be that of anything else', () => {
    const folder = temporaryFolder();
    makeFile(`${folder}/src/main.py`);
    makeFile(`${folder}/file`);
    makeFile(`${folder}/real/pyvenv.cfg`);
    symlinkSync('real', `${folder}/link`);
    symlinkSync('nowhere', `${folder}/dangling`);
    for (const name of ['src', 'file', 'link', 'dangling']) {
      expect([name, occupant(`${folder}/${name}`)]).toEqual([name, 'taken']);
      expect(whyNotName(folder, name)).toBe(`${name} is already there. Give another name.`);
    }
  });

  it('is one that replaces nothing, unless the user says so', () => {
    const folder = temporaryFolder();
    expect(freeName(folder, '.venv', '3.12.4')).toBe('.venv');
    makeFile(`${folder}/.venv/pyvenv.cfg`);
    expect(freeName(folder, '.venv', '3.12.4')).toBe('.venv-3.12');
    expect(freeName(folder, '.venv', null)).toBe('.venv');
  });
});

describe('the list of Pythons', () => {
  const python = (version: string, changes: Partial<Interpreter> = {}): Interpreter => ({
    path: `/opt/${version}/bin/python3`,
    title: `CPython ${version}`,
    stable: `/opt/${version}/bin/python3`,
    rank: null,
    reason: null,
    real: `/opt/${version}/bin/python3`,
    version,
    implementation: 'cpython',
    architecture: 'x86_64',
    freeThreaded: false,
    debug: false,
    aliases: [],
    source: 'pyenv',
    sources: ['pyenv'],
    state: 'ok',
    error: null,
    carriesEnvironments: true,
    ...changes,
  });
  const nothing = { python: null, reason: null };
  const labels = (items: { label: string }[]) => items.map(({ label }) => label).filter(Boolean);

  it('begins with what the project asks for, and says why', () => {
    const pythons = [
      python('3.13.0'),
      python('3.12.4', { aliases: ['/home/ada/bin/python3.12'], sources: ['pyenv', 'PATH'] }),
    ];
    const asked = { python: '/home/ada/bin/python3.12', reason: '`.python-version` asks for 3.12' };
    const items = baseItems(pythons, asked);
    expect(items[0]).toEqual({
      label: '$(star-full) CPython 3.12.4',
      description: '/home/ada/bin/python3.12',
      detail: '.python-version asks for 3.12 · pyenv, PATH',
      value: { python: '/home/ada/bin/python3.12', version: '3.12.4' },
    });
    expect(labels(items)).toEqual([
      '$(star-full) CPython 3.12.4',
      'Other Pythons',
      'CPython 3.13.0',
      '$(edit) Enter interpreter path…',
    ]);
  });

  it('offers what the project asks for also where it was not found otherwise', () => {
    const asked = { python: '/srv/python', reason: 'nothing asks for a version' };
    const [first] = baseItems([python('3.13.0')], asked);
    expect(first).toMatchObject({
      detail: 'Nothing asks for a version',
      value: { python: '/srv/python', version: null },
    });
  });

  it('says what the project asks for in vain', () => {
    const reason = '`.python-version` asks for 3.14, which is not installed';
    expect(labels(baseItems([python('3.13.0')], { python: null, reason }))).toEqual([
      '.python-version asks for 3.14, which is not installed',
      'CPython 3.13.0',
      '$(edit) Enter interpreter path…',
    ]);
  });

  it('leaves out what carries no environments, and says what to do where nothing is left', () => {
    const [, , only] = baseItems([python('2.7.18', { carriesEnvironments: false })], nothing);
    expect(only?.value).toBe('another');
    expect(only?.detail).toMatch(/^No Python was found on this machine\./);
  });

  it.each(['3.12', '>=3.10', 'pypy3.10', process.execPath, ` ${process.execPath} `])(
    'takes %j by hand',
    (text) => {
      expect(whyNotPython(text)).toBeNull();
    },
  );

  it.each([
    ['', /^Give the path/],
    ['bin/python', /^Give the whole path/],
    ['./python', /^Give the whole path/],
    ['/no/such/python', /^\/no\/such\/python does not exist/],
    ['~/no/such/python', /no\/such\/python does not exist/],
  ])('does not take %j', (text, why) => {
    expect(whyNotPython(text)).toMatch(why);
  });
});

describe('what came of it', () => {
  it('is good news in the status bar', () => {
    const made = { ...MADE, installed: ['requirements.txt', 'pyproject.toml:dev'] };
    reportSelected('.venv', made, WAY);
    expect(shown).toEqual({
      errors: [],
      warnings: [],
      information: [],
      status: [
        'Created .venv with Python 3.12.4. Installed requirements.txt, pyproject.toml:dev. Selected through the Python extension.',
      ],
    });
  });

  it('is a message where the environment is elsewhere', () => {
    const made = { ...MADE, environment: '/home/ada/x', redirect: '/code/.venv' };
    reportCreation('.venv', made, false, newLog() as never);
    expect(shown.information).toEqual([
      expect.stringMatching(/^\.venv is kept in \/home\/ada\/x; the file \/code\/\.venv says so\./),
    ]);
  });

  it('is a message where it was not selected, and the path is at hand', async () => {
    pressed.push('Copy Path');
    reportSelected('.venv', MADE, null);
    expect(shown.information).toEqual([
      expect.stringMatching(/not selected.*pick \/code\/\.venv\/bin\/python\.$/),
    ]);
    await vi.waitFor(() => expect(copied).toEqual([MADE.interpreter]));
  });

  it('is an error with the first lines where not all was installed; the log has the others', async () => {
    const log = newLog();
    const failure = ['It failed.', '  ERROR: 1', '  2', '  3', '  4', '  5'].join('\n');
    pressed.push('Show Log');
    reportCreation('.venv', { ...MADE, failure }, false, log as never);
    await vi.waitFor(() => expect(log.errors).toEqual([failure, 'shown']));
    expect(shown.errors).toEqual(['It failed. ERROR: 1 2 3 …']);
    expect(shown.status).toEqual(['Created .venv with Python 3.12.4.']);
  });

  it('is no error where the user cancelled', () => {
    reportCreation('.venv', { ...MADE, failure: 'Cancelled.' }, true, newLog() as never);
    expect([shown.errors, shown.warnings]).toEqual([[], ['Cancelled.']]);
  });

  it('is shown whole where it is short', () => {
    expect(firstLines('It failed.\n  ERROR: no\n')).toBe('It failed. ERROR: no');
  });
});

describe('where it fails', () => {
  const folder = { name: 'work', uri: Uri.file('/code') } as unknown as WorkspaceFolder;
  const params: CreateParams = {
    folder: 'file:///code',
    name: '.venv',
    python: '3.12',
    replace: false,
    redirect: false,
    install: [],
  };
  const why = {
    code: -32803,
    message: 'The disk holds no links. Keep the environment on another disk (--redirect).',
  };

  /** A helper that cannot create there, and what it was asked for. */
  function newContext(error: object) {
    const asked: CreateParams[] = [];
    const client = {
      onProgress: () => ({ dispose: () => {} }),
      sendRequest: async (_: string, request: CreateParams) => {
        asked.push(request);
        if (!request.redirect) {
          throw error;
        }
        return { ...MADE, redirect: '/code/.venv' };
      },
    };
    const selection = {
      whileWorking: (_: unknown, work: () => Promise<void>) => work(),
      select: async () => WAY,
    };
    const context = { helper: { client: async () => client }, selection, log: newLog() };
    return { asked, context: context as never };
  }

  it('for want of links, another disk is offered, and taken when the user wants that', async () => {
    const { asked, context } = newContext(why);
    pressed.push('Keep It on Another Disk');
    await makeAndSelect(context, folder, params);
    expect(asked.map(({ redirect }) => redirect)).toEqual([false, true]);
    expect(shown.errors).toEqual([
      'The disk holds no links. Keep the environment on another disk.',
    ]);
    expect(shown.information).toHaveLength(1);
  });

  it('nothing more is tried when the user does not want another disk', async () => {
    const { asked, context } = newContext(why);
    await makeAndSelect(context, folder, params);
    expect(asked).toHaveLength(1);
    expect(shown.errors).toHaveLength(1);
  });

  it('for want of pip, the setting is offered', async () => {
    const noPip = { code: -32803, message: 'Create it without pip (--no-pip).' };
    const { asked, context } = newContext(noPip);
    pressed.push('Open Setting');
    await makeAndSelect(context, folder, params);
    expect(asked).toHaveLength(1);
    expect(shown.errors).toEqual(['Create it without pip.']);
    expect(executed).toEqual([['workbench.action.openSettings', 'holdfast.seed']]);
  });

  it('for another reason, that is left to whoever tells failures', async () => {
    const other = { code: -32803, message: 'The disk is full.' };
    const { asked, context } = newContext(other);
    await expect(makeAndSelect(context, folder, params)).rejects.toBe(other);
    expect(asked).toHaveLength(1);
    expect(shown.errors).toEqual([]);
  });
});
