import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { autoSelectIsOn, helperSettings, interpreterPath } from '../../extension/src/configuration';
import { configured, Uri } from './vscode';

type Property = { default: unknown; enum?: string[]; additionalProperties?: { enum: string[] } };

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const properties: Record<string, Property> = manifest.contributes.configuration.properties;
const FOLDER = Uri.file('/code') as never;

beforeEach(() => configured.clear());

/** What VS Code answers where nobody has set anything. */
function useDefaults(): void {
  for (const [key, { default: value }] of Object.entries(properties)) {
    configured.set(key, value);
  }
}

it('what nobody has set is sent as the default, which the helper takes for that', () => {
  useDefaults();
  expect(helperSettings()).toEqual({
    environment: '.venv',
    python: '',
    alias: false,
    sitePackagesLink: false,
    links: 'auto',
    seed: 'pip',
    interpreterPath: 'api',
    searchPaths: [],
    exclude: [],
    rules: {},
  });
});

it('what the settings say is sent', () => {
  configured.set('holdfast.environment', ' env ');
  configured.set('holdfast.python', '>=3.10');
  configured.set('holdfast.alias', true);
  configured.set('holdfast.site-packages-link', true);
  expect(helperSettings()).toMatchObject({
    environment: 'env',
    python: '>=3.10',
    alias: true,
    sitePackagesLink: true,
  });
});

it.each(['links', 'seed', 'interpreterPath'] as const)('every choice of %s is sent', (key) => {
  const choices = properties[`holdfast.${key}`]?.enum ?? [];
  const sent = choices.map((choice) => {
    configured.set(`holdfast.${key}`, choice);
    return helperSettings()[key];
  });
  expect(sent).toEqual(choices);
});

it('the severities of rules are sent, without those that are none', () => {
  const rules = { 'home-missing': 'off', 'interpreter-loop': 'fatal', 'config-malformed': 3 };
  configured.set('holdfast.rules', rules);
  expect(helperSettings().rules).toEqual({ 'home-missing': 'off' });
  for (const value of [null, [], ['off'], 'off', 12]) {
    configured.set('holdfast.rules', value);
    expect(helperSettings().rules).toEqual({});
  }
});

it('every severity that the settings offer is sent', () => {
  const offered = properties['holdfast.rules']?.additionalProperties?.enum ?? [];
  const rules = Object.fromEntries(offered.map((severity) => [`rule-${severity}`, severity]));
  configured.set('holdfast.rules', rules);
  expect(offered).toHaveLength(5);
  expect(helperSettings().rules).toEqual(rules);
});

it('what is of the wrong kind counts as not set', () => {
  useDefaults();
  const usual = helperSettings();
  for (const key of Object.keys(properties)) {
    configured.set(key, 12);
  }
  expect(helperSettings()).toEqual(usual);
});

it('nothing is selected by itself but through the extensions', () => {
  expect(autoSelectIsOn(FOLDER)).toBe(true);
  for (const way of ['settings', 'off']) {
    configured.set('holdfast.interpreterPath', way);
    expect([interpreterPath(FOLDER), autoSelectIsOn(FOLDER)]).toEqual([way, false]);
  }
});
