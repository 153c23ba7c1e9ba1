import { expect, test } from 'vitest';
import { lagText, memoryText } from '../../../src/renderer/lib/load-text.ts';
import { MemoryUse } from '../../../src/renderer/state/memory-use.svelte.ts';
import { ManualClock, settle } from './support/manual-clock.ts';
import { ViewInTest } from './support/view-in-test.ts';

test('the lag is from being written to being in the table, of what came since it was opened', async () => {
	const inTest = new ViewInTest();
	const { view, engine, clock } = inTest;
	const tell = async (written_at: number): Promise<void> => {
		view.storageChanged({ ...engine.status, written_at });
		await clock.pass(100);
	};
	await inTest.start(10);
	const opened = clock.now();
	engine.append(1);
	await tell(opened - 60_000);
	expect(view.lag.ms).toBeUndefined();
	engine.append(1);
	await tell(clock.now() - 30);
	const { ms } = view.lag;
	expect(ms).toBeGreaterThanOrEqual(30);
	// Nothing else was written: it stays what it was.
	await tell(clock.now() - 130);
	expect(view.lag.ms).toBe(ms);
});

test('memory is looked at every five seconds, as far as each part tells', async () => {
	const clock = new ManualClock();
	let engine: number | undefined = 1;
	const api = {
		getUsage: async () => {
			if (engine === undefined) {
				throw new Error('The engine is away.');
			}
			return { memory_bytes: engine };
		},
	};
	const memory = new MemoryUse(api, clock, () => undefined);
	const stop = memory.watch();
	await settle();
	expect(memory.bytes).toEqual({ engine: 1, page: undefined });
	engine = undefined;
	await clock.pass(5_000);
	expect(memory.bytes).toBeUndefined();
	engine = 2;
	await clock.pass(5_000);
	expect(memory.bytes?.engine).toBe(2);
	stop();
	engine = 3;
	await clock.pass(20_000);
	expect(memory.bytes?.engine).toBe(2);
});

test.each([
	[undefined, 0, '–'],
	[24.2, 0, '25 ms'],
	[999, 0, '999 ms'],
	[1_201, 0, '1.3 s'],
	[25, 3_565_158, '3.4 MB to read'],
])('a lag of %s ms with %s bytes to read is “%s”', (ms, unread, text) => {
	expect(lagText(ms, unread)).toBe(text);
});

test('memory is never rounded down', () => {
	expect(memoryText({ engine: 165_675_008.5, page: 1 })).toBe('159 + 1 MB');
	expect(memoryText({ engine: 2_000_000_000, page: undefined })).toBe('1,908 MB');
});
