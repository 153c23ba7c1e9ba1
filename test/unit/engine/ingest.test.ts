import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { EntryFlag } from '#shared/model/entry.ts';
import { ingest } from '#engine/ingest.ts';
import type { IngestOptions } from '#engine/ingest.ts';
import type { RawLine } from '#engine/pipeline/line-splitter.ts';
import type { LineBatch, Source, SourcePosition } from '#engine/sources/source.ts';
import type { EntryBatch } from '#engine/storage/log-storage.ts';
import { MemoryLogStorage } from '#engine/storage/memory-storage.ts';
import { messagesOf } from '../../support/entries.ts';

/** A source that gives these batches and ends; what it was told to go on from is kept. */
class GivenLines implements Source {
	readonly #batches: readonly LineBatch[];
	from: SourcePosition | undefined;

	constructor(...batches: readonly LineBatch[]) {
		this.#batches = batches;
	}

	async *read(from: SourcePosition | undefined): AsyncGenerator<LineBatch> {
		this.from = from;
		for (const batch of this.#batches) {
			yield batch;
		}
	}
}

let nextPosition = 0;

function lineBatch(
	place: LineBatch['place'],
	texts: readonly string[],
	historyBytes = 0,
): LineBatch {
	const lines: RawLine[] = texts.map((text, index) => ({ text, offset: index }));
	return { place, lines, historyBytes, position: { at: nextPosition++ } };
}

async function run(
	input: Source,
	options: Partial<IngestOptions> & { readonly storage: MemoryLogStorage },
	signal = new AbortController().signal,
): Promise<void> {
	const defaults = { source: 1, now: () => 1_000, onStored: () => {}, onBlocked: () => {} };
	await ingest({ ...defaults, input, ...options }, signal);
}

const rawOfNewest = async (storage: MemoryLogStorage) => {
	const { rows } = await storage.query({ limit: 100 });
	const entries = await Promise.all(rows.map(({ seq }) => storage.get(seq)));
	return entries.map((entry) => entry?.raw);
};

test('what has no time gets that of its arrival, in microseconds', async () => {
	const storage = new MemoryLogStorage();
	await run(new GivenLines(lineBatch('first', ['a'])), { storage });
	expect((await storage.query({})).rows).toMatchObject([
		{ ts: 1_000_000, flags: EntryFlag.plainText | EntryFlag.arrivalTime },
	]);
});

test('tells what was added while it watched, and how many there are', async () => {
	const storage = new MemoryLogStorage();
	const told: unknown[] = [];
	await run(
		new GivenLines(
			lineBatch('first', ['a', 'b'], 10),
			lineBatch('history', ['c']),
			lineBatch('next', ['d', '  e', '', 'f']),
		),
		{ storage, onStored: (stored) => told.push(stored) },
	);
	expect(told).toEqual([
		{ added: 0, entries: 2 },
		{ added: 0, entries: 3 },
		{ added: 2, entries: 5 },
	]);
	expect(await messagesOf(storage)).toEqual(['f', 'd', 'b', 'a', 'c']);
});

test('goes on where its checkpoint says, also inside a traceback', async () => {
	const storage = new MemoryLogStorage();
	const first = lineBatch('first', ['boom', 'Traceback (most recent call last):', '  File "a"']);
	await run(new GivenLines(first), { storage });
	const again = new GivenLines(lineBatch('next', ['    x = 1', 'E: y', 'next']));
	await run(again, { storage });
	expect(again.from).toEqual(first.position);
	expect(await rawOfNewest(storage)).toEqual([
		'next',
		'boom\nTraceback (most recent call last):\n  File "a"\n    x = 1\nE: y',
	]);
});

test('history does not end the traceback that is still being written', async () => {
	const storage = new MemoryLogStorage();
	await run(
		new GivenLines(
			lineBatch('first', ['boom', 'Traceback (most recent call last):'], 10),
			lineBatch('history', ['old', '  its own']),
			lineBatch('next', ['E: y']),
		),
		{ storage },
	);
	expect(await rawOfNewest(storage)).toEqual([
		'boom\nTraceback (most recent call last):\nE: y',
		'old\n  its own',
	]);
});

test('begins anew with a checkpoint that is none', async () => {
	const storage = new MemoryLogStorage();
	await storage.append({
		source: 1,
		entries: [],
		place: 'newest',
		checkpoint: () => ({ junk: 1 }),
	});
	const input = new GivenLines(lineBatch('first', ['a']));
	await run(input, { storage });
	expect([input.from, await messagesOf(storage)]).toEqual([undefined, ['a']]);
});

test('keeps a batch that the storage refuses, and says so until it takes it', async () => {
	class FullStorage extends MemoryLogStorage {
		refusals = 2;
		override async append(batch: EntryBatch): Promise<void> {
			if (this.refusals-- > 0) {
				throw new AppError('storage-failed', 'The disk is full.');
			}
			await super.append(batch);
		}
	}
	const storage = new FullStorage();
	const told: unknown[] = [];
	await run(new GivenLines(lineBatch('first', ['a']), lineBatch('next', ['b'])), {
		storage,
		onBlocked: (message) => told.push(message),
	});
	expect(told).toEqual(['The disk is full.', 'The disk is full.', undefined]);
	expect(await messagesOf(storage)).toEqual(['b', 'a']);
});

test('ends at once when it is stopped while the storage refuses', async () => {
	class BrokenStorage extends MemoryLogStorage {
		override async append(): Promise<void> {
			throw new AppError('storage-failed', 'The disk is full.');
		}
	}
	const abort = new AbortController();
	const storage = new BrokenStorage();
	const begin = performance.now();
	await run(
		new GivenLines(lineBatch('first', ['a']), lineBatch('next', ['b'])),
		{ storage, onBlocked: () => queueMicrotask(() => abort.abort()) },
		abort.signal,
	);
	expect(performance.now() - begin).toBeLessThan(200);
	expect(await storage.checkpoint(1)).toBeUndefined();
});

test('an entry whose lines never end is cut into entries, and loses none of them', async () => {
	const storage = new MemoryLogStorage();
	const lines = Array.from({ length: 5_000 }, (_, n) => `\t${n} ${'x'.repeat(90)}`);
	const batches = Array.from({ length: 200 }, (_, n) =>
		lineBatch('next', lines.slice(n * 25, n * 25 + 25)),
	);
	const repeated = Array.from({ length: 12 }, () => batches).flat();
	await run(new GivenLines(lineBatch('first', ['head']), ...repeated), { storage });
	const raws = await rawOfNewest(storage);
	const written = raws.toReversed().join('\n').split('\n');
	expect(written.length).toBe(1 + 12 * 5_000);
	expect(Math.max(...raws.map((raw) => raw?.length ?? 0))).toBeLessThan(300 * 1024);
	expect(raws.length).toBeLessThan(30);
});
