import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { create } from './harness/creating.js';
import { runPython } from './harness/environments.js';
import { inNamespace, mayUnshare } from './harness/namespace.js';
import { notificationAppears, press } from './harness/notifications.js';
import { useVscode } from './harness/session.js';
import { until } from './harness/waiting.js';
import { screenshot } from './harness/window.js';

const python = inject('python');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-exfat-'));
const disk = join(folder, 'disk');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// exFAT holds no links, and mounted like this it lets no copy be started. It takes root and Linux.
describe.skipIf(!mayUnshare() || !isInstalled('mkfs.exfat') || !isInstalled('mount.exfat-fuse'))(
  'on a disk that holds neither links nor programs',
  () => {
    const vscode = useVscode(() => ({
      environment: { PATH: `${dirname(python)}:${process.env.PATH}` },
      wrap: inNamespace(mountDisk()),
    }));

    test('another disk is offered, and the environment there is used', async () => {
      const page = await vscode.open(disk);
      const seen = (path: string) => `/proc/${vscode.server.pid}/root${path}`;

      await create(page, '.venv');
      const refusal = await notificationAppears(page, /keep the environment on another disk\./);
      await screenshot(page, 'create-refused');
      expect(existsSync(seen(join(disk, '.venv')))).toBe(false);
      await press(refusal, 'Keep It on Another Disk');

      await notificationAppears(page, /\.venv is kept in .* Many tools do not follow/);
      await screenshot(page, 'create-elsewhere');
      const environment = readFileSync(seen(join(disk, '.venv')), 'utf8').trim();
      expect(environment.startsWith(vscode.server.home)).toBe(true);
      expect(runPython(environment, '-c', 'import sys; print(sys.prefix)')).toBe(environment);
      await until('it is selected', () =>
        readFileSync(seen(join(disk, '.vscode', 'settings.json')), 'utf8').includes(environment),
      );
    });
  },
);

function isInstalled(tool: string): boolean {
  return ['/usr/sbin', '/usr/bin', '/sbin'].some((place) => existsSync(join(place, tool)));
}

/** What mounts the disk where only one VS Code sees it; it goes with that. */
function mountDisk(): string {
  const image = join(folder, 'image');
  mkdirSync(disk);
  execFileSync('truncate', ['--size', '64M', image]);
  return [
    'PATH="$PATH:/usr/sbin:/sbin"',
    `device=$(losetup --find --show '${image}')`,
    'mkfs.exfat "$device" > /dev/null',
    `mount.exfat-fuse "$device" '${disk}' > /dev/null 2>&1`,
    `mount -o remount,bind,noexec '${disk}'`, // the program that serves it knows no such option
    'losetup --detach "$device"', // when its last user ends
  ].join('\n');
}
