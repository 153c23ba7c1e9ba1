import * as fs from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EMPTY_LEDGER } from '#shared/model/source.ts';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, logText, newLog, numberedMessages } from '../support/write-log.ts';

const SOON = { interval: 10, timeout: 10_000 };

describe('a file', () => {
	test('can be queried as soon as it is opened, and is followed', async () => {
		const path = newLog(numberedMessages('m', 0, 300));
		const engine = await EngineClient.open(temporaryFolder());
		const status = await engine.openFile(path);
		const { rows } = await engine.api.query({ limit: 200, offset: 0 });
		expect(rows.map(({ message }) => message)).toEqual(
			numberedMessages('m', 100, 300).toReversed(),
		);
		const { size } = fs.statSync(path);
		expect(status).toEqual({
			id: 1,
			type: 'file',
			name: 'app.jsonl',
			path,
			state: 'following',
			ledger: {
				...EMPTY_LEDGER,
				size_bytes: size,
				read_bytes: size,
				lines: 300,
				entries: 300,
			},
			files: 1,
			format: 'AsyncZ',
			rate: 0,
		});
		expect((await engine.state()).storage.written_at).toBeUndefined();
		appendLog(path, ['new']);
		await expect.poll(() => engine.messages({ q: 'new' }), SOON).toEqual(['new']);
		const { written_at } = (await engine.state()).storage;
		expect(written_at).toBe(Math.floor(fs.statSync(path).mtimeMs));
		expect((await engine.api.getUsage({})).memory_bytes).toBeGreaterThan(10_000_000);
		expect(engine.stderr).toBe('');
	});

	test.each(['deleted', 'compressed'])(
		'that is %s while its history is read is read to its end, and its text is kept',
		async (what) => {
			const messages = numberedMessages('m', 0, 120_000);
			const path = newLog(messages);
			const engine = await EngineClient.open(temporaryFolder());
			await engine.openFile(path);
			if (what === 'compressed') {
				fs.writeFileSync(`${path}.1.gz`, gzipSync(fs.readFileSync(path)));
			}
			fs.unlinkSync(path);
			await engine.untilStored(messages.length);
			await until('its text to be kept', async () => {
				return (await engine.messages({ q: 'm 17' })).includes('m 17');
			});
			expect((await engine.messages({ q: 'm 1199' })).length).toBe(111);
		},
		60_000,
	);

	test('of many megabytes shows its newest entries first, and all in their order in the end', async () => {
		const messages = numberedMessages('m', 0, 100_000);
		const path = newLog(messages);
		const engine = await EngineClient.open(temporaryFolder());
		const status = await engine.openFile(path);
		expect(status.state).toBe('indexing');
		const { rows } = await engine.api.query({ limit: 200, offset: 0 });
		expect(rows.map(({ message }) => message)).toEqual(messages.slice(-200).toReversed());
		appendLog(path, numberedMessages('grown', 0, 50));
		await engine.untilStored(100_050);
		await engine.untilRead();
		const expected = [...messages, ...numberedMessages('grown', 0, 50)].toReversed();
		expect(firstDifference(await engine.messages(), expected)).toBeUndefined();
		expect(await engine.api.count({})).toEqual({
			matched: 100_050,
			errors: 0,
			searched: 1,
			complete: true,
		});
	}, 60_000);

	test('opened together with others has its entries each once', async () => {
		const engine = await EngineClient.open(temporaryFolder());
		const names = ['a', 'b', 'c', 'd'];
		const paths = names.map((name) => newLog(numberedMessages(name, 0, 8_000), `${name}.jsonl`));
		const opened = await Promise.all(paths.map((path) => engine.openFile(path)));
		paths.forEach((path, index) => appendLog(path, [`last ${names[index]}`]));
		await engine.untilStored(4 * 8_001);
		for (const [index, { id }] of opened.entries()) {
			const name = names[index] ?? '';
			const expected = [...numberedMessages(name, 0, 8_000), `last ${name}`].toReversed();
			expect(firstDifference(await engine.messages({ source: id }), expected)).toBeUndefined();
		}
	}, 60_000);

	test('that is gone keeps its entries, and is read on when it is back', async () => {
		const path = newLog(['a', 'b']);
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(path);
		fs.rmSync(path);
		const missing = await engine.untilSource('missing');
		expect(missing.message).toBe(
			`${path} is gone. Its entries stay; when it comes back, it is read on.`,
		);
		expect(await engine.messages()).toEqual(['b', 'a']);
		expect(missing.retry_s).toBe(5);
		fs.writeFileSync(path, logText(['a', 'b', 'c']));
		await engine.untilSource('following');
		await expect.poll(() => engine.messages(), SOON).toEqual(['c', 'b', 'a']);
	});

	test('that is elsewhere by now keeps its id and its entries when it is told where', async () => {
		const path = newLog(['a', 'b']);
		const other = newLog(['x'], 'other.jsonl');
		const engine = await EngineClient.open(temporaryFolder());
		const { id } = await engine.openFile(path);
		await engine.openFile(other);
		const mapping = { level: ['severity'] };
		await engine.api.setMapping({ id, mapping });
		const moved = join(temporaryFolder(), 'moved.jsonl');
		const config = { type: 'file', path: moved } as const;
		await expect(engine.api.reopenSource({ id, config })).rejects.toMatchObject({
			code: 'source-unavailable',
		});
		await expect(
			engine.api.reopenSource({ id, config: { ...config, path: other } }),
		).rejects.toMatchObject({ message: `${other} is open already, as another source.` });
		fs.renameSync(path, moved);
		appendLog(moved, ['c']);
		// Asked to look anew where it was, it says at once what has become of it.
		await engine.api.reopenSource({ id });
		expect((await engine.state()).sources[0]?.message).toMatch(/ is gone\. Its entries stay; /);
		await engine.api.reopenSource({ id, config });
		await expect.poll(() => engine.messages({ source: id }), SOON).toEqual(['c', 'b', 'a']);
		appendLog(moved, ['d']);
		await expect.poll(() => engine.messages({ source: id }), SOON).toEqual(['d', 'c', 'b', 'a']);
		expect((await engine.state()).sources).toMatchObject([
			{ id, name: 'moved.jsonl', path: moved, mapping, ledger: { entries: 4 } },
			{ path: other },
		]);
	});

	test('that is rotated goes on, with what is written late to the old one', async () => {
		const path = newLog(['a']);
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(path);
		const writer = fs.openSync(path, 'a');
		fs.renameSync(path, `${path}.1`);
		fs.writeFileSync(path, logText(['x']));
		await expect.poll(() => engine.messages(), SOON).toEqual(['x', 'a']);
		fs.writeSync(writer, logText(['late']));
		fs.closeSync(writer);
		await expect.poll(() => engine.messages(), SOON).toEqual(['late', 'x', 'a']);
		appendLog(path, ['y']);
		await expect.poll(() => engine.messages(), SOON).toEqual(['y', 'late', 'x', 'a']);
		expect(await engine.state()).toMatchObject({ sources: [{ ledger: { entries: 4 } }] });
	});

	test('written anew keeps what it had before', async () => {
		const path = newLog(['a', 'b']);
		const engine = await EngineClient.open(temporaryFolder());
		await engine.openFile(path);
		fs.writeFileSync(path, logText(['x']));
		await expect.poll(() => engine.messages(), SOON).toEqual(['x', 'b', 'a']);
	});
});

describe('a name', () => {
	test('of a link is the file it leads to: one log is one source', async () => {
		const path = newLog(['a']);
		const link = join(temporaryFolder(), 'link.jsonl');
		const hardLink = `${link}.hard`;
		fs.symlinkSync(path, link);
		fs.linkSync(path, hardLink);
		const engine = await EngineClient.open(temporaryFolder());
		const opened = [
			...(await Promise.all([path, link, hardLink, path].map((name) => engine.openFile(name)))),
			await engine.openFile(join(path, '..', '.', 'app.jsonl')),
		];
		expect(opened.map(({ id }) => id)).toEqual([1, 1, 1, 1, 1]);
		expect(await engine.messages()).toEqual(['a']);
	});

	test('of a link that is made to lead elsewhere is followed there', async () => {
		const path = newLog(['a']);
		const link = join(temporaryFolder(), 'current.jsonl');
		fs.symlinkSync(path, link);
		const engine = await EngineClient.open(temporaryFolder());
		const { path: shown } = await engine.openFile(link);
		fs.symlinkSync(newLog(['x']), `${link}.new`);
		fs.renameSync(`${link}.new`, link);
		await expect.poll(() => engine.messages(), SOON).toEqual(['x', 'a']);
		expect(shown).toBe(link);
	});
});

describe('closing a source', () => {
	test('takes its entries away and leaves the others', async () => {
		const [a, b] = [newLog(['a 1', 'a 2']), newLog(['b 1'])];
		const engine = await EngineClient.open(temporaryFolder());
		const first = await engine.openFile(a);
		const second = await engine.openFile(b);
		await engine.api.closeSource({ id: first.id });
		appendLog(a, ['a 3']);
		appendLog(b, ['b 2']);
		await expect.poll(() => engine.messages(), SOON).toEqual(['b 2', 'b 1']);
		expect((await engine.state()).sources.map(({ id }) => id)).toEqual([second.id]);
		const again = await engine.openFile(a);
		expect(again.id).toBe(3);
		expect(await engine.messages({ source: 3 })).toEqual(['a 3', 'a 2', 'a 1']);
	});

	test('that is still being read ends it at once', async () => {
		const path = newLog(numberedMessages('m', 0, 150_000));
		const other = newLog(['other']);
		const engine = await EngineClient.open(temporaryFolder());
		const { id } = await engine.openFile(path);
		await engine.openFile(other);
		await engine.api.closeSource({ id });
		expect(await engine.messages()).toEqual(['other']);
		expect((await engine.state()).storage.size).toBe(1);
		const reopened = await engine.openFile(path);
		await engine.api.closeSource({ id: reopened.id });
		await engine.api.closeSource({ id: 77 });
		expect(await engine.api.count({})).toMatchObject({ matched: 1 });
	}, 60_000);
});
