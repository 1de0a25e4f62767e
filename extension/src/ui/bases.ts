// Picking the Python that an environment is made from: what the project's files ask for first, and
// one that is not in the list by its path or version.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Interpreter, RequirementList } from '../protocol';
import { type Choosable, pickFrom, separator } from './pickers';

/** A base as the helper is told of it. */
export interface PickedBase {
  python: string;
  /** Null where only the helper will know. */
  version: string | null;
}

type Asked = Pick<RequirementList, 'python' | 'reason'>;

const NONE_FOUND =
  'No Python was found on this machine. Install one, or add its folder to holdfast.searchPaths.';

/** Undefined when the user left. */
export async function pickBase(
  title: string,
  loading: Promise<[Interpreter[], Asked]>,
): Promise<PickedBase | undefined> {
  const picker = {
    title,
    placeholder: 'Pick the Python that the environment is made from',
    empty: NONE_FOUND,
  };
  const picked = await pickFrom(
    picker,
    loading.then(([interpreters, asked]) => baseItems(interpreters, asked)),
  );
  return picked === 'another' ? askPath(title) : picked;
}

export function baseItems(
  interpreters: Interpreter[],
  asked: Asked,
): Choosable<PickedBase | 'another'>[] {
  const usable = interpreters.filter(({ carriesEnvironments }) => carriesEnvironments);
  const wanted = usable.find((interpreter) => isNamed(interpreter, asked.python));
  const others = usable.filter((interpreter) => interpreter !== wanted);
  const reason = asked.reason === null ? '' : sentence(asked.reason);
  return [
    ...wantedItems(asked, reason, wanted),
    separator(asked.python === null ? reason : 'Other Pythons'),
    ...others.map((interpreter) => ({
      ...asItem(interpreter),
      value: { python: interpreter.stable, version: interpreter.version },
    })),
    separator(''),
    {
      label: '$(edit) Enter interpreter path…',
      ...(usable.length === 0 ? { detail: NONE_FOUND } : {}),
      value: 'another',
    },
  ];
}

/** First, because the first one is what Enter takes. */
function wantedItems(
  { python }: Asked,
  reason: string,
  wanted: Interpreter | undefined,
): Choosable<PickedBase>[] {
  if (python === null) {
    return [];
  }
  const { label, detail } = wanted ? asItem(wanted) : { label: python, detail: '' };
  return [
    {
      label: `$(star-full) ${label}`,
      description: python,
      detail: [reason, detail].filter(Boolean).join(' · '),
      value: { python, version: wanted?.version ?? null },
    },
  ];
}

function isNamed(interpreter: Interpreter, python: string | null): boolean {
  const { stable, path, real, version, aliases } = interpreter;
  return python !== null && [stable, path, real, version, ...aliases].includes(python);
}

export function asItem(interpreter: Interpreter): Choosable<Interpreter> {
  const { title, stable, sources } = interpreter;
  return { label: title, description: stable, detail: sources.join(', '), value: interpreter };
}

/** The helper's half a sentence, where no Markdown is shown. */
function sentence(half: string): string {
  const plain = half.replaceAll('`', '');
  // What stood in backquotes is a name, which keeps its first letter.
  return half.startsWith('`') ? plain : plain.charAt(0).toUpperCase() + plain.slice(1);
}

async function askPath(title: string): Promise<PickedBase | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: 'The path of a Python, or a version such as 3.12',
    validateInput: whyNotPython,
  });
  return text === undefined ? undefined : { python: text.trim(), version: null };
}

/** Why a text can be neither a path nor a version; null where the helper is to say more. */
export function whyNotPython(entered: string): string | null {
  const text = entered.trim();
  if (text === '') {
    return 'Give the path of a Python, or a version.';
  }
  if (!/[\\/]/.test(text)) {
    return null;
  }
  const path = /^~[\\/]/.test(text) ? join(homedir(), text.slice(2)) : text;
  if (!isAbsolute(path)) {
    return 'Give the whole path, from the top folder on.';
  }
  return existsSync(path) ? null : `${path} does not exist.`;
}
