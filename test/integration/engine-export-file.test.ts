import { execFileSync } from 'node:child_process';
import {
	chmodSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { exportRequestSchema } from '#shared/model/export.ts';
import { EngineClient } from '../support/engine-client.ts';
import { ended, saveExport as save } from '../support/save-export.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { newLog, numberedMessages } from '../support/write-log.ts';

const IS_ROOT = process.getuid?.() === 0;

/** To root permissions mean nothing. */
const AS_NOBODY = { uid: 65_534, gid: 65_534 };

async function openOne(): Promise<EngineClient> {
	const engine = await EngineClient.open(temporaryFolder());
	await engine.openFile(newLog(['x']));
	return engine;
}

describe('the file of an export', () => {
	test('that is there is kept, and so is what a link leads to', async () => {
		const engine = await openOne();
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'there'), 'mine');
		symlinkSync(join(folder, 'there'), join(folder, 'link'));
		await expect(save(engine, { format: 'csv' }, join(folder, 'there'))).rejects.toMatchObject({
			code: 'export-exists',
		});
		await expect(save(engine, { format: 'csv' }, join(folder, 'link'))).rejects.toMatchObject({
			code: 'export-exists',
		});
		const request = v.parse(exportRequestSchema, { format: 'original' });
		const path = join(folder, 'link');
		const { id } = await engine.control.saveExport({ request, path, overwrite: true });
		expect(await ended(engine, id)).toMatchObject({ state: 'done' });
		expect(readFileSync(join(folder, 'there'), 'utf8')).toBe('mine');
		expect(readFileSync(path, 'utf8')).toContain('"x"');
		expect(readdirSync(folder).toSorted()).toEqual(['link', 'there']);
	});

	test('that cannot be written is a sentence', async () => {
		const engine = await openOne();
		const folder = temporaryFolder();
		mkdirSync(join(folder, 'sub'));
		await expect(save(engine, { format: 'csv' }, join(folder, 'sub'))).rejects.toThrow(
			'is a folder',
		);
		await expect(save(engine, { format: 'csv' }, join(folder, 'no', 'x'))).rejects.toThrow(
			`There is no folder ${join(folder, 'no')}`,
		);
		await expect(save(engine, { format: 'csv' }, '/proc/x.csv')).rejects.toThrow('/proc');
	});

	test('that does not fit on the disk leaves nothing', async () => {
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(newLog(numberedMessages('m', 0, 20_000)));
		await engine.untilStored(20_000);
		// No file of the engine may become larger: to it the disk is full then.
		execFileSync('prlimit', [`--pid=${String(engine.child.pid)}`, '--fsize=1000000:']);
		const folder = temporaryFolder();
		const { status } = await save(engine, { format: 'original' }, join(folder, 'out'));
		expect(status).toMatchObject({
			state: 'failed',
			message: `The disk is full: ${join(folder, 'out')} was not written. Make room and export again.`,
		});
		expect(readdirSync(folder)).toEqual([]);
	});

	test('is not begun in a folder that is not ours to write to', async () => {
		const engine = await EngineClient.open(folderForAll(), IS_ROOT ? AS_NOBODY : {});
		const folder = temporaryFolder();
		chmodSync(folder, 0o555);
		await expect(save(engine, { format: 'csv' }, join(folder, 'out'))).rejects.toThrow(
			`The folder ${folder} can't be written to: choose another one.`,
		);
	});

	test('that is cancelled leaves nothing', async () => {
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(newLog(numberedMessages('m', 0, 100_000)));
		const folder = temporaryFolder();
		const request = v.parse(exportRequestSchema, { format: 'text', filter: { query: '*:acme' } });
		const path = join(folder, 'out');
		const { id } = await engine.control.saveExport({ request, path, overwrite: false });
		await engine.api.cancelExport({ id });
		expect(await ended(engine, id)).toMatchObject({ state: 'cancelled' });
		await until('an empty folder', () => readdirSync(folder).length === 0);
	});
});

function folderForAll(): string {
	const folder = temporaryFolder();
	chmodSync(folder, 0o777);
	return folder;
}
