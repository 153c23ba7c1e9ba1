import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

export default defineConfig({
	main: {
		build: {
			rolldownOptions: {
				// The engine, the receiver and all threads are entries of their own: each finds its
				// neighbour by `new URL('./x.js', import.meta.url)`, which is right in entries only.
				input: {
					index: 'src/main/index.ts',
					web: 'src/main/web.ts',
					headless: 'src/main/headless.ts',
					engine: 'src/engine/process.ts',
					query: 'src/engine/segments/query/query-thread.ts',
					writer: 'src/engine/segments/sqlite/writer-thread.ts',
					scan: 'src/engine/segments/history/scan-thread.ts',
					storage: 'src/engine/storages/storage-thread.ts',
					feeds: 'src/feeds/feeds-thread.ts',
					'check-storage': 'src/engine/check/check-storage.ts',
					'storage-kit': 'src/engine/storages/kit/contract.ts',
				},
			},
		},
	},
	// A sandboxed preload has to be CommonJS.
	preload: { build: { rolldownOptions: { output: { format: 'cjs' } } } },
	renderer: { plugins: [svelte()] },
});
