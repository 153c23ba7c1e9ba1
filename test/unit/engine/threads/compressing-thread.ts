import { parentPort } from 'node:worker_threads';
import { zstdCompressSync } from 'node:zlib';
import { serveThread } from '#engine/threads/serve-thread.ts';
import { compressingSchemas } from './compressing-api.ts';
import type { CompressingApi } from './compressing-api.ts';

/** Entry of a thread that does little else than to create zstd contexts. */
serveThread<CompressingApi>(parentPort, compressingSchemas, {
	compress: async ({ times }) => {
		const text = Buffer.alloc(16);
		for (let time = 0; time < times; time++) {
			zstdCompressSync(text);
		}
		return times;
	},
});
