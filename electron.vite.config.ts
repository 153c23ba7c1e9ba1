import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

export default defineConfig({
	main: {
		build: {
			rolldownOptions: {
				// The engine and its reader thread are entries of their own: each finds its
				// neighbour by `new URL('./x.js', import.meta.url)`, which is right in entries only.
				input: {
					index: 'src/main/index.ts',
					web: 'src/main/web.ts',
					engine: 'src/engine/process.ts',
					reader: 'src/engine/storage/sqlite/reader-thread.ts',
				},
			},
		},
	},
	// A sandboxed preload has to be CommonJS.
	preload: { build: { rolldownOptions: { output: { format: 'cjs' } } } },
	renderer: { plugins: [svelte()] },
});
