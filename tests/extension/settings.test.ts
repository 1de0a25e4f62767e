import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { writeSetting } from '../../extension/src/selection/settingsFile';
import { MalformedSettings, withSetting } from '../../extension/src/selection/settingsText';
import { makeFile, temporaryFolder } from './folders';

const KEY = 'python.defaultInterpreterPath';
// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills this in.
const VALUE = '${workspaceFolder}/.venv/bin/python';
const LINE = `"${KEY}": "${VALUE}"`;

describe('the text', () => {
  it.each([
    ['nothing', '', `{\n    ${LINE}\n}\n`],
    ['white space', ' \n', `{\n    ${LINE}\n}\n`],
    ['only a comment', '// ours\n', `// ours\n{\n    ${LINE}\n}\n`],
    ['an empty object', '{}', `{\n    ${LINE}\n}`],
    ['an empty object with a comment', '{\n  // ours\n}\n', `{\n  // ours\n    ${LINE}\n}\n`],
    ['one line', '{ "a": 1 }', `{ "a": 1, ${LINE} }`],
    ['one line with a trailing comma', '{ "a": 1, }', `{ "a": 1, ${LINE}, }`],
    ['two spaces', '{\n  "a": 1\n}\n', `{\n  "a": 1,\n  ${LINE}\n}\n`],
    ['tabs', '{\n\t"a": [\n\t\t1\n\t]\n}', `{\n\t"a": [\n\t\t1\n\t],\n\t${LINE}\n}`],
    ['a trailing comma', '{\n  "a": 1,\n}\n', `{\n  "a": 1,\n  ${LINE},\n}\n`],
    [
      'a comment behind the last value',
      '{\n  "a": 1 // one\n  // end\n}\n',
      `{\n  "a": 1, // one\n  ${LINE}\n  // end\n}\n`,
    ],
    [
      'a comment behind a trailing comma',
      '{\n  "a": 1, /* one */ // two\n}\n',
      `{\n  "a": 1, /* one */ // two\n  ${LINE},\n}\n`,
    ],
    [
      'a comma on a line of its own',
      '{\n  "a": 1 // one\n  ,\n}\n',
      `{\n  "a": 1 // one\n  ,\n  ${LINE},\n}\n`,
    ],
    ['CRLF', '{\r\n  "a": 1\r\n}\r\n', `{\r\n  "a": 1,\r\n  ${LINE}\r\n}\r\n`],
    ['a byte order mark', '\uFEFF{\n  "a": 1\n}\n', `{\n  "a": 1,\n  ${LINE}\n}\n`],
    [
      'the setting already, with a comment',
      `{\n  // why\n  "${KEY}": "/old", // so\n  "b": 2\n}\n`,
      `{\n  // why\n  ${LINE}, // so\n  "b": 2\n}\n`,
    ],
    [
      'the setting twice: the last one counts',
      `{\n  "${KEY}": "/one",\n  "${KEY}": "/two"\n}\n`,
      `{\n  "${KEY}": "/one",\n  ${LINE}\n}\n`,
    ],
    ['the setting as another type', `{ "${KEY}": null }`, `{ ${LINE} }`],
  ])('of %s', (_, before, after) => {
    const result = withSetting(before, KEY, VALUE);
    expect(result).toBe(after);
    expect(parse(result, [], { allowTrailingComma: true })[KEY]).toBe(VALUE);
    expect(withSetting(result, KEY, VALUE)).toBe(result);
  });

  it('does not take a nested key for the setting', () => {
    const before = `{\n  "[python]": { "${KEY}": "/x" }\n}`;
    expect(parse(withSetting(before, KEY, VALUE))).toEqual({
      '[python]': { [KEY]: '/x' },
      [KEY]: VALUE,
    });
  });

  it('escapes a Windows path', () => {
    const path = '$'.concat('{workspaceFolder}\\.venv\\Scripts\\python.exe');
    expect(parse(withSetting('{}', KEY, path))[KEY]).toBe(path);
  });

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', /line 3: comma expected/],
    ['{\n  "a": \n}', /line 3: value expected/],
    ['{ "a": 1', /close brace expected/],
    ['[1]', /does not hold a JSON object/],
    ['"text"', /does not hold a JSON object/],
    ['{} {}', /end of file expected/],
  ])('refuses %j', (text, why) => {
    expect(() => withSetting(text, KEY, VALUE)).toThrow(MalformedSettings);
    expect(() => withSetting(text, KEY, VALUE)).toThrow(why);
  });
});

describe('the file', () => {
  const settings = (folder: string) => join(folder, '.vscode', 'settings.json');

  it('is made with its folder where there is none', async () => {
    const folder = temporaryFolder();
    await writeSetting(folder, KEY, VALUE);
    expect(parse(readFileSync(settings(folder), 'utf8'))).toEqual({ [KEY]: VALUE });
    expect(readdirSync(join(folder, '.vscode'))).toEqual(['settings.json']);
  });

  it('keeps its mode', async () => {
    const folder = temporaryFolder();
    const path = makeFile(settings(folder), '{}');
    chmodSync(path, 0o640);
    await writeSetting(folder, KEY, VALUE);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('stays a link where it is one', async () => {
    const folder = temporaryFolder();
    const shared = makeFile(join(folder, 'shared.json'), '{ "a": 1 }');
    mkdirSync(join(folder, '.vscode'));
    symlinkSync('../shared.json', settings(folder));
    await writeSetting(folder, KEY, VALUE);
    expect(parse(readFileSync(shared, 'utf8'))).toEqual({ a: 1, [KEY]: VALUE });
  });

  it('is not touched when it says so already', async () => {
    const folder = temporaryFolder();
    const path = makeFile(settings(folder), `{ ${LINE} }`);
    const before = statSync(path);
    await writeSetting(folder, KEY, VALUE);
    expect(statSync(path).ino).toBe(before.ino);
  });

  it('is left as it is when it is malformed', async () => {
    const folder = temporaryFolder();
    const path = makeFile(settings(folder), '{ "a": 1 "b": 2 } // mine');
    await expect(writeSetting(folder, KEY, VALUE)).rejects.toThrow(
      /settings\.json is not valid JSON \(line 1: comma expected\), so it was left as it is/,
    );
    expect(readFileSync(path, 'utf8')).toBe('{ "a": 1 "b": 2 } // mine');
  });

  it('is left as it is when it is not UTF-8', async () => {
    const folder = temporaryFolder();
    const path = makeFile(settings(folder));
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    (await import('node:fs')).writeFileSync(path, bytes);
    await expect(writeSetting(folder, KEY, VALUE)).rejects.toThrow(/is not UTF-8 text/);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('says that it is a folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(settings(folder), { recursive: true });
    await expect(writeSetting(folder, KEY, VALUE)).rejects.toThrow(/settings\.json is a folder/);
  });

  it('says that .vscode is a file', async () => {
    const folder = temporaryFolder();
    makeFile(join(folder, '.vscode'), 'mine');
    await expect(writeSetting(folder, KEY, VALUE)).rejects.toThrow(
      /\.vscode is a file, not a folder/,
    );
    expect(readFileSync(join(folder, '.vscode'), 'utf8')).toBe('mine');
  });
});
