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
export function reportCreation(name: string, made: Creation, log: vscode.LogOutputChannel): void {
  const { notes, failure, redirect, environment } = made;
  for (const note of notes) {
    log.info(note);
  }
  if (failure !== null) {
    log.error(failure);
    void showError(firstLines(failure), log);
  }
  if (redirect !== null) {
    void vscode.window.showInformationMessage(
      `${name} is kept in ${environment}; the file ${redirect} says so. Many tools do not follow such files yet.`,
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
  void vscode.window.showInformationMessage(
    `${inWords(name, made)} It was not selected, because interpreterPath is off. To select it, run “Python: Select Interpreter” and pick ${made.interpreter}.`,
  );
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
