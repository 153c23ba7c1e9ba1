import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
	// State classes of the renderer are modules with runes.
	plugins: [svelte({ configFile: false })],
	test: {
		testTimeout: 20_000,
		// Engines and their threads are started from TypeScript, hundreds of times: compiling it anew
		// took most of the processor time of all tests.
		env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'node') },
		// One more than processors: many tests wait for processes, servers and files.
		maxWorkers: availableParallelism() + 1,
		// They start the built hosts, engine and threads.
		globalSetup: 'test/support/build-once.ts',
		projects: [
			{ extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
			{
				extends: true,
				test: { name: 'integration', include: ['test/integration/**/*.test.ts'] },
			},
			{
				extends: true,
				test: {
					// No watcher is ever the truth: an engine follows logs without one, only slower. Tests
					// of followers alone run both ways in `unit`; kills and churn in `npm run test:long`.
					name: 'unwatched',
					include: ['test/integration/engine-follow.test.ts'],
					env: { ASYNCZ_COMPANION_WATCHER: 'off' },
				},
			},
		],
	},
});
