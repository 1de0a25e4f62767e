// Reads extension/src/protocol.ts in its restricted style, and the schema, into one form:
// interface → field → type, where a type is a sorted union such as `null | string`.
import { readFileSync } from 'node:fs';

export type Fields = Record<string, string>;
export type Shapes = Record<string, Fields>;

type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  enum?: (string | null)[];
  const?: string;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
};

export function shapesOfSource(path: string): Shapes {
  const source = readFileSync(path, 'utf8');
  const aliases = new Map<string, string>();
  for (const [, name = '', type = ''] of source.matchAll(/^export type (\w+) = ([^;]+);$/gm)) {
    aliases.set(name, type);
  }
  const shapes: Shapes = {};
  for (const [, name = '', body = ''] of source.matchAll(
    /^export interface (\w+) \{\n((?: {2}.*\n)*)\}$/gm,
  )) {
    shapes[name] = fieldsOfSource(body, aliases);
  }
  return shapes;
}

function fieldsOfSource(body: string, aliases: Map<string, string>): Fields {
  const fields: Fields = {};
  for (const line of body.trimEnd().split('\n')) {
    const [, name, optional, type] = /^ {2}(\w+)(\??): ([^;]+);$/.exec(line) ?? [];
    if (name === undefined || type === undefined) {
      throw new Error(`protocol.ts leaves its restricted style: ${line}`);
    }
    fields[name + optional] = union(typesOfSource(type, aliases));
  }
  return fields;
}

function typesOfSource(type: string, aliases: Map<string, string>): string[] {
  return type.split('|').flatMap((part) => {
    const name = part.trim();
    const [, inner] = /^Record<string, (\w+)>$/.exec(name) ?? [];
    if (inner !== undefined) {
      return [record(typesOfSource(inner, aliases))];
    }
    const alias = aliases.get(name);
    return alias === undefined ? [name] : typesOfSource(alias, aliases);
  });
}

export function shapesOfSchema(path: string): Shapes {
  const { $defs = {} } = JSON.parse(readFileSync(path, 'utf8')) as Schema;
  const shapes: Shapes = {};
  for (const [name, definition] of Object.entries($defs)) {
    if (definition.properties !== undefined) {
      shapes[name] = fieldsOfSchema(definition, $defs);
    }
  }
  return shapes;
}

function fieldsOfSchema(definition: Schema, definitions: Record<string, Schema>): Fields {
  const fields: Fields = {};
  for (const [name, schema] of Object.entries(definition.properties ?? {})) {
    const optional = definition.required?.includes(name) === true ? '' : '?';
    fields[name + optional] = union(typesOfSchema(schema, definitions));
  }
  return fields;
}

function typesOfSchema(schema: Schema, definitions: Record<string, Schema>): string[] {
  const { $ref, type, items } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    const definition = definitions[name];
    // A definition without properties is a name for a union; the source's are written out too.
    return definition === undefined || definition.properties !== undefined
      ? [name]
      : typesOfSchema(definition, definitions);
  }
  if (choices !== undefined) {
    return choices.flatMap((choice) => typesOfSchema(choice, definitions));
  }
  if (schema.const !== undefined) {
    return [`'${schema.const}'`];
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => (value === null ? 'null' : `'${value}'`));
  }
  if (type === 'array' && items !== undefined) {
    return [`${union(typesOfSchema(items, definitions))}[]`];
  }
  if (schema.additionalProperties !== undefined) {
    return [record(typesOfSchema(schema.additionalProperties, definitions))];
  }
  const types = Array.isArray(type) ? type : [type ?? 'unknown'];
  return types.map((name) => (name === 'integer' ? 'number' : name));
}

function record(types: string[]): string {
  return `Record<string, ${union(types)}>`;
}

function union(types: string[]): string {
  return [...new Set(types)].sort().join(' | ');
}
