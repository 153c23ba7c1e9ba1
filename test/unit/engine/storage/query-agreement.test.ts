import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import { matchFilter } from '#shared/model/query.ts';
import type { Filter } from '#shared/model/query.ts';
import type { LogStorage, NewEntry } from '#engine/storage/log-storage.ts';
import { MemoryLogStorage } from '#engine/storage/memory-storage.ts';
import { EntryReader } from '#engine/storage/sqlite/entry-reader.ts';
import { entryBatch, newEntry, Random, TEST_SCALE } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { openSqliteStorage } from './open-storage.ts';

/** What LIKE, NUL and the folding of letters make hard. */
const LETTERS = [...'aAbBkKsSiI .*%_\\\'"\0ßẞſıİ\u212aΣσςéﬀ😀\ufffd', 'E\u0301'];
const LEVELS = [
	'DEBUG',
	'INFO',
	'WARN',
	'WARNING',
	'ERROR',
	'CRITICAL',
	'AUDIT',
	'ERROR+4',
	'ÄRGER',
];
const TASKS = [undefined, undefined, 'a', 'A', 'a%', 'ß', 'a\0b', 'daily-report'];
const SETS = 20 * TEST_SCALE;
const FILTERS = 270;

test('every storage finds what matchFilter says, in the order of arrival', async () => {
	const random = new Random(4);
	let matched = 0;
	for (let set = 0; set < SETS; set++) {
		const path = join(temporaryFolder(), 'logs.db');
		const sqlite = openSqliteStorage(path);
		const memory = new MemoryLogStorage();
		const rows = await fill([sqlite, memory], random);
		const reader = new EntryReader(path, { now: () => 0 });
		for (let count = 0; count < FILTERS; count++) {
			const filter = randomFilter(rows, random);
			const expected = rows.filter((row) => matchFilter(filter, row));
			matched += expected.length;
			const page = { limit: random.below(30), offset: random.below(20) };
			const after = random.below(rows.length + 2);
			const answers = [
				{ rows: expected, complete: true },
				{ rows: expected.slice(page.offset, page.offset + page.limit), complete: true },
				countOf(expected),
				countOf(expected.filter(({ seq }) => seq > after)),
			];
			const queries = [
				{ ...filter, limit: 10_000 },
				{ ...filter, ...page },
			] as const;
			const ofReader = [
				...queries.map((query) => reader.query(query)),
				reader.count(filter),
				reader.count({ ...filter, after }),
			];
			expect({ filter, page, after, answers: ofReader }).toEqual({ filter, page, after, answers });
			const ofMemory = await Promise.all([
				...queries.map((query) => memory.query(query)),
				memory.count(filter),
				memory.count({ ...filter, after }),
			]);
			expect({ filter, page, after, answers: ofMemory }).toEqual({ filter, page, after, answers });
		}
		reader.close();
		await sqlite.close();
	}
	expect(matched).toBeGreaterThan(SETS * FILTERS);
}, 60_000);

function countOf(rows: readonly EntryRow[]) {
	const errors = rows.filter(({ severity }) => severity >= 40).length;
	return { matched: rows.length, errors, searched: 1, complete: true };
}

/** The same random entries for all storages; the rows as they have to be found, newest first. */
async function fill(storages: readonly LogStorage[], random: Random): Promise<EntryRow[]> {
	const rows: EntryRow[] = [];
	const stretches: { readonly source: number; readonly base: number; at: number }[] = [];
	let next = 1;
	for (let batch = 0; batch < 12; batch++) {
		const entries = Array.from({ length: random.below(12) }, () => randomEntry(random));
		const stretch = random.chance(0.4) ? random.pick([...stretches, undefined]) : undefined;
		if (random.chance(0.3)) {
			const [base = 0, ...others] = storages.map((storage) => storage.reserve(40));
			if (base !== next || others.some((other) => other !== next)) {
				throw new Error(`reserve gave ${base} and ${others.join()} instead of ${next}`);
			}
			stretches.push({ source: random.below(3), base, at: 40 });
			next += 40;
		}
		if (stretch === undefined) {
			const source = random.below(3);
			rows.push(...entries.map((entry) => rowOf(entry, source, next++)));
			await appendTo(storages, entryBatch(entries, { source }));
		} else {
			const { source, base } = stretch;
			const placed = entries
				.slice(0, stretch.at)
				.map((entry, index, all) => ({ ...entry, offset: stretch.at - all.length + index }));
			stretch.at -= placed.length;
			rows.push(...placed.map((entry) => rowOf(entry, source, base + entry.offset)));
			await appendTo(storages, entryBatch(placed, { source, place: { base } }));
		}
	}
	return rows.sort((a, b) => b.seq - a.seq);
}

async function appendTo(storages: readonly LogStorage[], batch: ReturnType<typeof entryBatch>) {
	await Promise.all(storages.map((storage) => storage.append(batch)));
}

function rowOf(entry: NewEntry, source: number, seq: number): EntryRow {
	const { raw: _raw, offset: _offset, task_id, ...columns } = entry;
	return { ...columns, ...(task_id === undefined ? {} : { task_id }), source, seq };
}

function randomText(random: Random, length: number): string {
	return Array.from({ length }, () => random.pick(LETTERS)).join('');
}

function randomEntry(random: Random): NewEntry {
	const level = random.pick(LEVELS);
	return newEntry({
		level,
		severity: severityOf(level),
		ts: random.below(20) - 5,
		task_id: random.pick(TASKS),
		message: randomText(random, random.below(8)),
	});
}

function randomFilter(rows: readonly EntryRow[], random: Random): Filter {
	const message = random.pick(rows)?.message ?? '';
	const from = random.below(message.length + 1);
	const part = message.slice(from, from + 1 + random.below(3));
	const q = random.pick([
		part,
		part.toUpperCase(),
		part.toLowerCase(),
		randomText(random, 1 + random.below(2)),
	]);
	return {
		...(random.chance(0.6) ? { q } : {}),
		...(random.chance(0.2) ? { level: random.pick([...LEVELS, 'error', ' warn ', 'ärger']) } : {}),
		...(random.chance(0.2) ? { min_level: random.pick([...LEVELS, 'warn', 'nothing']) } : {}),
		...(random.chance(0.2) ? { task_id: random.pick(TASKS) ?? ' ' } : {}),
		...(random.chance(0.2) ? { since: random.below(20) - 5 } : {}),
		...(random.chance(0.2) ? { until: random.below(20) - 5 } : {}),
		...(random.chance(0.2) ? { source: random.below(4) } : {}),
		...(random.chance(0.3) ? { up_to: random.pick(rows)?.seq ?? 0 } : {}),
	};
}
