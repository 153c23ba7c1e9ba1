import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { openDataFolder } from '#engine/data-folder.ts';
import { openReadonly, openWritable } from '#engine/segments/sqlite/schema.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { logText, numberedMessages } from '../../../support/write-log.ts';
import { checkDatabase, lookInto } from './database-in-test.ts';
import {
	databasePath,
	LogInTest,
	messagesOf,
	openStorage,
	sinkOf,
	THREADS,
	untilHistory,
} from './storage-in-test.ts';

const IMAGES = 200 * TEST_SCALE;
const SECTOR = 512;

/** Copies of a database and its WAL while it is being written. */
async function copies(): Promise<readonly string[]> {
	const path = databasePath();
	const storage = openStorage(path);
	const text = logText(numberedMessages('history', 0, 3_000));
	const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
	const other = new LogInTest(sinkOf(storage, 2));
	log.leave(text);
	const folder = temporaryFolder();
	const paths: string[] = [];
	for (let round = 0; round < 6; round++) {
		await log.append(logText(numberedMessages(`live ${round}`, 0, 300)));
		await other.append(`\n${logText(numberedMessages(`other ${round}`, 0, 20))}`);
		await storage.flush();
		if (round === 3) {
			await untilHistory(storage);
			await storage.remove(2);
			break;
		}
		const copy = join(folder, `${round}.db`);
		copyFileSync(path, copy);
		copyFileSync(`${path}-wal`, `${copy}-wal`);
		paths.push(copy);
	}
	return paths;
}

function tear(random: Random, wal: Buffer): Buffer {
	switch (random.below(3)) {
		case 0:
			return wal.subarray(0, random.below(wal.length));
		case 1: {
			const torn = Buffer.from(wal);
			for (let sectors = 1 + random.below(5); sectors > 0; sectors--) {
				const at = random.below(Math.ceil(wal.length / SECTOR)) * SECTOR;
				torn.fill(0, at, Math.min(at + SECTOR, torn.length));
			}
			return torn;
		}
		default: {
			const torn = Buffer.from(wal);
			const at = random.below(wal.length);
			for (let byte = at; byte < Math.min(at + random.below(5_000), wal.length); byte++) {
				torn[byte] = random.below(256);
			}
			return torn;
		}
	}
}

test(
	`${IMAGES} torn images of the database open, and are true in themselves`,
	async () => {
		const random = new Random(31);
		const images = await copies();
		const folder = temporaryFolder();
		let rows = 0;
		for (let round = 0; round < IMAGES; round++) {
			const image = random.pick(images);
			const path = join(folder, `${round}.db`);
			copyFileSync(image, path);
			writeFileSync(`${path}-wal`, tear(random, readFileSync(`${image}-wal`)));
			openWritable(path).close();
			checkDatabase(path);
			rows += Number(lookInto(path).prepare('SELECT count(*) FROM segment').pluck().get());
		}
		expect(rows).toBeGreaterThan(IMAGES / 4);
	},
	60_000 * TEST_SCALE,
);

test('what is left of a torn image is shown, and what is missing is read on from there', async () => {
	const random = new Random(32);
	const [image = ''] = (await copies()).slice(-1);
	for (let round = 0; round < 5; round++) {
		const path = databasePath();
		copyFileSync(image, path);
		writeFileSync(`${path}-wal`, tear(random, readFileSync(`${image}-wal`)));
		const storage = openStorage(path);
		for (const source of storage.sources()) {
			for (const { id } of sinkOf(storage, source).generations()) {
				const { counts } = storage.generations.get(id);
				expect(counts.lines).toBe(counts.entries + counts.joined);
			}
		}
		expect((await messagesOf(storage)).length).toBe(storage.stats().size);
		await storage.close();
	}
}, 30_000);

test('bytes that are stored are refused by the database itself', async () => {
	const db = openWritable(databasePath());
	onTestFinished(() => void db.close());
	const insert = db.prepare('INSERT INTO coverage VALUES (?, ?, ?, ?)');
	insert.run(1, 10, 20, 1);
	insert.run(1, 30, 40, 2);
	const refused = [
		[10, 20],
		[5, 11],
		[19, 25],
		[12, 15],
		[0, 100],
		[20, 31],
		[39, 41],
	];
	for (const [start, end] of refused) {
		expect(() => insert.run(1, start, end, 3)).toThrow('stored already');
	}
	for (const [start, end] of [
		[0, 10],
		[20, 30],
		[40, 50],
	]) {
		insert.run(1, start, end, 4);
	}
	insert.run(2, 0, 100, 4);
	expect(db.prepare('SELECT count(*) FROM coverage').pluck().get()).toBe(6);
});

test.each(['header', 'schema', 'columns', 'text', 'generation', 'everything'])(
	'a database with noise in its %s is set aside and begun anew, at the latest when it is found',
	async (where) => {
		const folder = temporaryFolder();
		const path = join(folder, 'logs.db');
		const storage = openStorage(path);
		const log = new LogInTest(sinkOf(storage));
		await log.append(logText(numberedMessages('m', 0, 5_000)));
		await storage.close();
		rmSync(log.path);
		const bytes = readFileSync(path);
		const random = new Random(33);
		const noise = (at: number, length: number) => {
			for (let byte = at; byte < Math.min(at + length, bytes.length); byte++) {
				bytes[byte] = random.below(256);
			}
		};
		const blob = (sql: string) => {
			const db = openReadonly(path);
			const data = db.prepare(sql).pluck().get() as Buffer;
			db.close();
			return bytes.indexOf(data.subarray(0, 40)) + 40;
		};
		if (where === 'header') {
			noise(0, 100);
		} else if (where === 'schema') {
			noise(100, 8_000);
		} else if (where === 'columns') {
			noise(blob('SELECT columns FROM segment'), 2_000);
		} else if (where === 'text') {
			noise(blob('SELECT data FROM text'), 2_000);
		} else if (where === 'generation') {
			bytes.write('}}}{{{', bytes.lastIndexOf('"identity"'));
		} else {
			noise(0, bytes.length);
		}
		writeFileSync(path, bytes);
		const problems: string[] = [];
		for (let start = 0; start < 2; start++) {
			const opened = openDataFolder(folder, THREADS);
			problems.push(...opened.problems);
			try {
				await messagesOf(opened.storage, { q: 'm 1' });
				const [row] = (await opened.storage.query({ limit: 1 })).rows;
				await opened.storage.get(row?.seq ?? 1);
			} catch (error) {
				problems.push(error instanceof AppError ? error.message : String(error));
			}
			await opened.storage.close();
			opened.release();
		}
		expect(problems.join('\n')).toMatch(/damaged/);
		const last = openDataFolder(folder, THREADS);
		onTestFinished(async () => {
			await last.storage.close();
			last.release();
		});
		expect(last.problems).toEqual([]);
		await new LogInTest(sinkOf(last.storage, 5)).append(logText(['new']));
		expect((await messagesOf(last.storage)).at(-1)).toBe('new');
	},
);
