import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as protocol from '../../extension/src/protocol';
import { shapesOfSchema, shapesOfSource } from './protocolFile';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const source = shapesOfSource(file('extension/src/protocol.ts'));
const schema = shapesOfSchema(file('tests/protocol.schema.json'));

it('has the interfaces of the schema, and no others', () => {
  expect(Object.keys(source).sort()).toEqual(Object.keys(schema).sort());
});

it.each(Object.keys(source))('%s has the fields of the schema', (name) => {
  expect(source[name]).toEqual(schema[name]);
});

it('has method names of its own', () => {
  const methods = Object.values(protocol).filter((value) => typeof value === 'string');
  expect(methods).toHaveLength(10);
  expect(methods.every((method) => /^holdfast\/[a-zA-Z]+$/.test(method))).toBe(true);
  expect(new Set(methods).size).toBe(methods.length);
});
