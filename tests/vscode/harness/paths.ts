import { join } from 'node:path';
import * as scripts from '../../../scripts/paths.mjs';

/** The repository. */
export const root: string = scripts.root;

/** Screenshots and logs that a person may want to look at after a run. */
export const artifacts: string = scripts.artifacts('vscode');

/** The file of one artifact. */
export function artifact(name: string): string {
  return join(artifacts, name);
}
