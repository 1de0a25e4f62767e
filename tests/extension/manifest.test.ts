import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import type { Context } from '../../extension/src/commands/context';
import { registerCommands } from '../../extension/src/commands/register';
import { registered, Uri } from './vscode';

vi.mock('vscode-languageclient/node', () => ({ WorkDoneProgress: {} }));

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const contributed: { command: string; category: string; enablement?: string }[] =
  manifest.contributes.commands;

it('every command of the palette does something, and none is one of the helper’s', () => {
  registerCommands({} as Context, Uri.file('/extension') as never);
  expect(registered).toEqual(expect.arrayContaining(contributed.map(({ command }) => command)));
  // An id on both sides makes the client's start fail.
  expect(registered.filter((id) => id.startsWith('holdfast.server.'))).toEqual([]);
});

it('what changes something is offered in trusted workspaces only', () => {
  const changing = ['holdfast.create', 'holdfast.selectInterpreter', 'holdfast.repair'];
  for (const { command, enablement = '' } of contributed) {
    expect([command, enablement.includes('isWorkspaceTrusted')]).toEqual([
      command,
      changing.includes(command),
    ]);
  }
});

it('a workspace that is not trusted decides neither what is run nor where is looked', () => {
  const { properties } = manifest.contributes.configuration;
  expect(manifest.capabilities.untrustedWorkspaces).toMatchObject({
    supported: 'limited',
    restrictedConfigurations: ['holdfast.interpreter', 'holdfast.python', 'holdfast.searchPaths'],
  });
  expect(properties['holdfast.interpreter'].scope).toBe('machine');
  expect(manifest.extensionKind).toEqual(['workspace']);
});
