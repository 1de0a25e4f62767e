// What a creation has to say: a line in the status bar, and a message only where the user has to know
// more than that.
import * as vscode from 'vscode';
import type { Creation } from '../protocol';
import type { Way } from '../selection/way';
import { showError } from './failures';
import { say } from './say';

/** Lines of a failure that are shown; the log has all. */
const SHOWN_LINES = 4;

/** What was made, as far as it is good news; `name` is what the user calls it. */
export function inWords(name: string, { version, installed }: Creation): string {
  const made = `Created ${name}${version === null ? '' : ` with Python ${version}`}.`;
  return installed.length === 0 ? made : `${made} Installed ${installed.join(', ')}.`;
}

/** What is to be known before anything is selected: the environment is there, whatever comes of that. */
export function reportCreation(
  name: string,
  made: Creation,
  cancelled: boolean,
  log: vscode.LogOutputChannel,
): void {
  const { notes, failure, redirect, environment } = made;
  for (const note of notes) {
    log.info(note);
  }
  if (failure !== null) {
    log.error(failure);
    // Whoever cancelled wanted just that.
    void (cancelled
      ? vscode.window.showWarningMessage(firstLines(failure))
      : showError(firstLines(failure), log));
  }
  if (redirect !== null) {
    void showWithPath(
      `${name} is kept in ${environment}; the file ${redirect} says so. Many tools do not follow such files yet.`,
      environment,
    );
  }
  say(inWords(name, made));
}

/** The last word; `way` is null where nothing was to be selected. */
export function reportSelected(name: string, made: Creation, way: Way | null): void {
  if (way !== null) {
    say(`${inWords(name, made)} Selected through ${way.title}.`);
    return;
  }
  void showWithPath(
    `${inWords(name, made)} It was not selected, because interpreterPath is off. To select it, run “Python: Select Interpreter” and pick ${made.interpreter}.`,
    made.interpreter,
  );
}

/** A message about a path that the user may need elsewhere. Its button also keeps it from being cut to one line. */
async function showWithPath(message: string, path: string): Promise<void> {
  const copy = 'Copy Path';
  if ((await vscode.window.showInformationMessage(message, copy)) === copy) {
    await vscode.env.clipboard.writeText(path);
  }
}

/** A notification shows a few lines, one after the other. */
export function firstLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const more = lines.length > SHOWN_LINES ? ' …' : '';
  return lines.slice(0, SHOWN_LINES).join(' ') + more;
}
