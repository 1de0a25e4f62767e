// What the helper is doing, and how that is said to the user.
import type { Python, Search } from './python';

export type HelperState =
  | { kind: 'starting' }
  | { kind: 'running'; python: Python }
  /** `asked`: the user started it, so a message is due even if it has been shown before. */
  | { kind: 'no-python'; search: Search; asked: boolean }
  | { kind: 'restarting' }
  | { kind: 'failed' }
  | { kind: 'stopped' };

/** A request that came while no helper runs; its message is ready for the user. */
export class HelperIsNotRunning extends Error {}

export function whyNotRunning(state: HelperState): string {
  switch (state.kind) {
    case 'no-python':
      return state.search.setting === null
        ? 'Holdfast needs Python 3.10 or newer to run and found none on this machine.'
        : `Holdfast cannot run: the Python in the setting “holdfast.interpreter”, ${state.search.setting.path}, ${state.search.setting.why}. Give another one, or clear the setting.`;
    case 'failed':
      return 'The Holdfast helper stopped several times and is not started again by itself.';
    case 'restarting':
      return 'The Holdfast helper stopped and is being started again. Try again in a moment.';
    default:
      return 'The Holdfast helper is not running.';
  }
}
