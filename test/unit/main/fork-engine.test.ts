import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forkEngine } from '#main/fork-engine.ts';
import type { EngineProcess } from '#main/engine-host.ts';
import { makeTempFolder, removeFolder } from '../../support/temp-folder.ts';

let folder = '';
beforeEach(() => {
	folder = makeTempFolder();
});
afterEach(() => removeFolder(folder));

function start(script: string): EngineProcess {
	const path = join(folder, 'engine.cjs');
	writeFileSync(path, script);
	return forkEngine(pathToFileURL(path));
}

const ended = ({ channel }: EngineProcess) =>
	new Promise<void>((resolve) => channel.onClose(resolve));

it('lets promises go on between two messages that came together', async () => {
	const engine = start(`for (let n = 0; n < 50; n++) process.send({ n }); process.disconnect();`);
	const order: string[] = [];
	const all = new Promise<void>((resolve) => {
		engine.channel.onMessage((message) => {
			const { n } = message as { readonly n: number };
			order.push(`message ${n}`);
			void (async () => {
				for (let hop = 0; hop < 10; hop++) {
					await undefined;
				}
				order.push(`answer ${n}`);
				if (n === 49) {
					resolve();
				}
			})();
		});
	});
	await all;
	expect(order).toEqual(
		Array.from({ length: 50 }, (_, n) => [`message ${n}`, `answer ${n}`]).flat(),
	);
});

it('tells once that the process has ended, also afterwards, and what it said', async () => {
	const engine = start(`console.error('out of luck'); process.exitCode = 1;`);
	await ended(engine);
	await ended(engine);
	engine.channel.send({ is: 'lost' });
	expect(engine.lastWords()).toBe('out of luck\n');
});

it('kills a process that does not listen', async () => {
	const engine = start(`process.on('SIGTERM', () => {}); for (;;);`);
	engine.kill();
	await expect(ended(engine)).resolves.toBeUndefined();
});
