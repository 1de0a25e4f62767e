// Imported first by every script that a person starts: says which Node is needed before anything else can fail.

const needed = 20;
const [major] = process.versions.node.split('.').map(Number);
if (major < needed) {
  console.error(
    `Holdfast needs Node ${needed} or newer, and this is Node ${process.versions.node} (${process.execPath}). ` +
      'Install a newer Node, or put it first on PATH, and run the command again.',
  );
  process.exit(1);
}
