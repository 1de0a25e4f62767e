import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/extension/**/*.test.ts'],
    // The real module exists only inside VS Code; the tests bring the small part they need.
    alias: { vscode: new URL('./tests/extension/vscode.ts', import.meta.url).pathname },
    testTimeout: 20_000,
  },
});
