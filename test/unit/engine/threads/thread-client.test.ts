import { expect, test } from 'vitest';
import { ThreadClient } from '#engine/threads/thread-client.ts';
import { compressingSchemas } from './compressing-api.ts';
import type { CompressingApi } from './compressing-api.ts';

const THREAD = new URL('compressing-thread.ts', import.meta.url);

function startClient(): ThreadClient<CompressingApi> {
	return new ThreadClient({ url: THREAD, data: {}, schemas: compressingSchemas });
}

test('a thread that compresses is ended without ending the process, and what was asked is answered', async () => {
	for (let round = 0; round < 30; round++) {
		const client = startClient();
		await client.api.compress({ times: 1 });
		const pending = client.api.compress({ times: 500 + round * 10 });
		await client.close();
		expect(await pending).toBe(500 + round * 10);
	}
});

test('what is asked of a closed thread is rejected, and closing twice does no harm', async () => {
	const client = startClient();
	await Promise.all([client.close(), client.close()]);
	await expect(client.api.compress({ times: 1 })).rejects.toMatchObject({ code: 'closed' });
});
