import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testEndpoint } from '#main/feeds/test-endpoint.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

async function listen(at: string | number): Promise<Server> {
	const server = createServer((socket) => socket.resume());
	if (typeof at === 'string') {
		server.listen(at);
	} else {
		server.listen(at, '127.0.0.1');
	}
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	return server;
}

test('reaches a unix socket and a port', async () => {
	const path = join(temporaryFolder(), 'x.sock');
	await listen(path);
	const { port } = (await listen(0)).address() as AddressInfo;
	expect(await testEndpoint(`unix:${path}`)).toEqual({
		ok: true,
		message: `unix:${path} can be connected to.`,
	});
	expect(await testEndpoint(`tcp:localhost:${port}`)).toEqual({
		ok: true,
		message: `tcp:127.0.0.1:${port} can be connected to.`,
	});
});

test('says why not', async () => {
	const folder = temporaryFolder();
	const file = join(folder, 'plain');
	writeFileSync(file, '');
	const server = await listen(0);
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	const texts = [`unix:${file}`, `unix:${folder}/none`, `tcp:127.0.0.1:${port}`, 'tcp:1.2.3.4:1'];
	expect(await Promise.all(texts.map((text) => testEndpoint(text)))).toEqual(
		[
			`unix:${file}: this is no socket. Check the path.`,
			`unix:${folder}/none: there is no such socket. Start the scheduler first, or check the path.`,
			`tcp:127.0.0.1:${port}: nobody listens there. Start the scheduler first, or check the address.`,
			'tcp:1.2.3.4:1: 1.2.3.4 is not this machine. Feeds stay on it: 127.0.0.1, localhost or [::1].',
		].map((message) => ({ ok: false, message })),
	);
});
