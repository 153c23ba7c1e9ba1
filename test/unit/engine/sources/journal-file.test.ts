import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JournalFile } from '#engine/sources/journal-file.ts';
import { formatJournalName } from '#shared/model/feed-journal.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

const ROUNDS = 300;

test('a torn line that is cut off while it is read is no part of the next one', async () => {
	const folder = temporaryFolder();
	const buffer = Buffer.alloc(64 * 1024);
	for (let round = 1; round <= ROUNDS; round++) {
		const journal = { session: `s${round}`, first: 1 };
		const name = formatJournalName(journal);
		const path = join(folder, name);
		writeFileSync(path, 'whole\ntorn line, longer than the next');
		const file = await JournalFile.open(folder, name, journal, undefined);
		const lines: string[] = [];
		const read = async () => {
			const { chunks } = await file.read(buffer);
			lines.push(...chunks.map(({ chunk }) => chunk.bytes.toString()));
		};
		await read();
		const reading = read();
		truncateSync(path, 'whole\n'.length);
		appendFileSync(path, 'the next\nand one that goes beyond where the torn line ended\n');
		await reading;
		await read();
		await file.close();
		expect(lines.join('')).toBe(
			'whole\nthe next\nand one that goes beyond where the torn line ended\n',
		);
	}
});
