import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/vscode/**/*.test.ts'],
    // One VS Code at a time: two would fight for the processors, and waiting would become guessing.
    fileParallelism: false,
    globalSetup: 'tests/vscode/setup.ts',
    testTimeout: 150_000,
    hookTimeout: 150_000,
  },
});
