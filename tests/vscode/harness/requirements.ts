// What a project may ask to install, without a network.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A wheel of this package, and a requirements file that takes it from there and nowhere else. */
export function writeRequirement(python: string, project: string, name: string): string {
  const wheels = join(project, 'wheels');
  mkdirSync(wheels, { recursive: true });
  execFileSync(python, ['-I', '-c', makeWheel, wheels, name]);
  return writeRequirements(project, 'requirements.txt', `--find-links wheels\n${name}\n`);
}

/** A requirements file whose packages come from the project itself, and never from an index. */
export function writeRequirements(project: string, file: string, text: string): string {
  writeFileSync(join(project, file), `--no-index\n${text}`);
  return file;
}

/** A package that is being built for ten minutes. Answers with the file by which one sees that it is. */
export function writeEndlessPackage(folder: string): string {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'pyproject.toml'),
    '[build-system]\nrequires = []\nbuild-backend = "endless"\nbackend-path = ["."]\n',
  );
  const begun = join(folder, 'begun');
  const waits = `import os, time\nopen(${JSON.stringify(begun)}, "w").write(str(os.getpid()))\ntime.sleep(600)\n`;
  writeFileSync(join(folder, 'endless.py'), waits);
  return begun;
}

const makeWheel = `
import os, sys, zipfile
folder, name = sys.argv[1:]
info = f"{name}-1.0.dist-info"
with zipfile.ZipFile(os.path.join(folder, f"{name}-1.0-py3-none-any.whl"), "w") as wheel:
    wheel.writestr(f"{name}.py", "")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    files = [f"{name}.py", f"{info}/METADATA", f"{info}/WHEEL", f"{info}/RECORD"]
    wheel.writestr(f"{info}/RECORD", "".join(f"{file},,\\n" for file in files))
`;
