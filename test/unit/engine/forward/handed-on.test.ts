import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HandedOnFile } from '#engine/forward/handed-on-file.ts';
import { Generations } from '#engine/segments/ingest/generations.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { logText, numberedMessages } from '../../../support/write-log.ts';
import { identityOf, placeOf } from '../segments/storage-in-test.ts';

const ADDRESS = 'jsonl:/all.jsonl';

/** What is known of logs by one database, which is deleted when the next of these is made. */
class LogsInTest {
	readonly generations = new Generations([], []);
	readonly sources = new Map<number, { config: { path: string }; isReading: boolean }>();
	readonly file: HandedOnFile;

	constructor(folder: string) {
		this.file = new HandedOnFile(join(folder, 'handed-on.json'), {
			local: this,
			source: (id) => this.sources.get(id),
		});
	}

	/** A log in the file at a path, read so far; its source has the path. */
	read(id: number, path: string, text: string, end = text.length): void {
		writeFileSync(path, text);
		this.sources.set(id, { config: { path }, isReading: false });
		if (!this.generations.has(id)) {
			this.generations.add({ id, source: id, place: placeOf(path), base: 0, reserved: 0 });
		}
		this.generations.change(id, { identity: identityOf(Buffer.from(text.slice(0, end))) });
	}
}

const TEXT = logText(numberedMessages('m', 0, 100));

test('a log is known by its bytes to another database, as far as it was handed on', async () => {
	const folder = temporaryFolder();
	const [path, other] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
	const first = new LogsInTest(folder);
	first.read(1, path, TEXT);
	first.read(2, other, logText(['other']));
	first.file.of(ADDRESS, true).note([[1, 700]]);
	first.file.close();

	const second = new LogsInTest(folder);
	const handedOn = second.file.of(ADDRESS, false);
	second.read(1, other, logText(['other']));
	second.read(7, path, TEXT + logText(['later']));
	expect(await handedOn.recognise()).toBe(true);
	expect(handedOn.had).toEqual([[7, 700]]);
	second.file.close();

	// The same database goes on leaving out what is there, until it has come further.
	const again = second.file.of(ADDRESS, true);
	again.note([[7, 600]]);
	expect(again.had).toEqual([[7, 700]]);
	again.note([[7, 800]]);
	expect(again.had).toEqual([]);
});

test('a log that was written anew is another one, though it begins in the same way', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'a.jsonl');
	const first = new LogsInTest(folder);
	first.read(1, path, TEXT);
	first.file.of(ADDRESS, true).note([[1, TEXT.length]]);
	first.file.close();
	const changed = `${TEXT.slice(0, -100)}${logText(['x'.repeat(100), 'y'.repeat(100)])}`;
	for (const text of [changed, changed.slice(0, TEXT.length), TEXT.slice(0, -200)]) {
		const second = new LogsInTest(folder);
		second.read(1, path, text);
		const handedOn = second.file.of(ADDRESS, false);
		expect(await handedOn.recognise()).toBe(true);
		expect(handedOn.had).toEqual([]);
	}
});

test('nothing is said of a log before it was read as far as it was then', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'a.jsonl');
	const first = new LogsInTest(folder);
	first.read(1, path, TEXT);
	first.file.of(ADDRESS, true).note([[1, TEXT.length]]);
	first.file.close();
	const second = new LogsInTest(folder);
	const handedOn = second.file.of(ADDRESS, false);
	second.read(1, path, TEXT, 500);
	second.sources.set(1, { config: { path }, isReading: true });
	expect(await handedOn.recognise()).toBe(false);
	second.read(1, path, TEXT);
	expect(await handedOn.recognise()).toBe(true);
	expect(handedOn.had).toEqual([[1, TEXT.length]]);
});

test('what is sent once more from the beginning counts as sent when it is', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'a.jsonl');
	const logs = new LogsInTest(folder);
	logs.read(1, path, TEXT);
	const handedOn = logs.file.of(ADDRESS, true);
	handedOn.noteAll();
	handedOn.begin();
	handedOn.note([[1, 400]]);
	expect(handedOn.all.map(({ end }) => end)).toEqual([400]);
	handedOn.end();
	expect(handedOn.all.map(({ end }) => end)).toEqual([TEXT.length]);
});
