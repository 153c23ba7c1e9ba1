import { existsSync, readFileSync } from 'node:fs';
import type { StorageInfo } from '#shared/model/storage.ts';
import type { EngineClient } from './engine-client.ts';
import { until } from './until.ts';

/** The messages of a file of records, in its order. */
export function messagesIn(path: string): readonly string[] {
	const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
	return text
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => String((JSON.parse(line) as { readonly message: unknown }).message));
}

/** How a storage in use is doing. */
export async function infoOf(
	engine: EngineClient,
	address: string,
): Promise<StorageInfo | undefined> {
	return (await engine.state()).storages.find((storage) => storage.address === address);
}

/** Waits until a storage has taken all that is stored. */
export async function untilTaken(engine: EngineClient, address: string): Promise<void> {
	await until(
		`${address} to have taken all`,
		async () => {
			const info = await infoOf(engine, address);
			return info?.condition === 'ready' && info.waiting === 0;
		},
		{ deadlineMs: 20_000, instead: () => engine.state() },
	);
}
