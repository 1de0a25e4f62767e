// What the scripts say to the person at the terminal.

const colours = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

function paint(code, text) {
  return colours ? `\u001b[${code}m${text}\u001b[0m` : text;
}

export const bold = (text) => paint('1', text);
export const dim = (text) => paint('2', text);
export const green = (text) => paint('32', text);
export const red = (text) => paint('31', text);
export const yellow = (text) => paint('33', text);

/** Says what is being done now. */
export function step(text) {
  console.log(`${green('›')} ${text}`);
}

/** Says something that the person should know and that stops nothing. */
export function note(text) {
  console.log(`${yellow('!')} ${text}`);
}

/** Work that could not be done, with a message that says what to do now. */
export class Failure extends Error {}

/** Runs a script's main function; a failure becomes a message and exit code 1, without a stack trace. */
export async function main(run) {
  try {
    process.exitCode = (await run(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(
      `${red('✗')} ${error instanceof Failure ? error.message : (error?.stack ?? error)}`,
    );
    process.exitCode = 1;
  }
}

/** A duration in words, such as `2.4 s` or `3 min 5 s`. */
export function seconds(milliseconds) {
  const total = milliseconds / 1000;
  if (total < 60) {
    return `${total.toFixed(1)} s`;
  }
  return `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`;
}
