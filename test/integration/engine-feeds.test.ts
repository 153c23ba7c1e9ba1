import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceConfig } from '#shared/model/source.ts';
import { formatLostRecords } from '#shared/model/feed-lines.ts';
import { EngineClient, expectToAddUp } from '../support/engine-client.ts';
import { firstDifference, Random, TEST_SCALE } from '../support/entries.ts';
import { JournalsInTest } from '../support/journals.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { checkDatabase } from '../unit/engine/segments/database-in-test.ts';
import { logText, numberedMessages } from '../support/write-log.ts';

/** Waits until only so many journals are left: the others are stored. */
function untilLeft(journals: JournalsInTest, count: number): Promise<boolean> {
	return until(`${count} journals`, () => journals.names().length === count, {
		deadlineMs: 30_000,
		instead: () => journals.names(),
	});
}

test('the journals that are there are sources from the start, with their names', async () => {
	const folder = temporaryFolder();
	const one = new JournalsInTest(folder, 'worker-1', 1);
	const other = new JournalsInTest(folder, 'worker-2', 7);
	one.append(['a', 'b']);
	other.append(['c']);
	const engine = await EngineClient.open(folder);
	await engine.untilStored(3);
	await engine.untilRead();
	const { sources } = await engine.state();
	expect(sources).toMatchObject([
		{ id: 1, type: 'feed', name: 'worker-1', path: one.folder, state: 'following', files: 1 },
		{ id: 2, type: 'feed', name: 'worker-2', path: other.folder, state: 'following' },
	]);
	expect(await engine.messages({ query: 'source:worker-1' })).toEqual(['b', 'a']);
	one.append(['d']);
	await engine.untilStored(4);
	await engine.kill();
	one.append(['e']);
	const next = await EngineClient.open(folder);
	await next.untilStored(5);
	expect(await next.messages({ source: 1 })).toEqual(['e', 'd', 'b', 'a']);
	expect((await next.state()).sources.map(({ id }) => id)).toEqual([1, 2]);
});

test('a feed that the host tells of becomes a source, and has what its receiver says', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(folder);
	const journals = new JournalsInTest(folder);
	journals.append(['a']);
	const endpoint = { address: 'unix:/x', kind: 'listen', state: 'listening', clients: 1 } as const;
	const feed = journals.status({ message: 'All is well' });
	const away = journals.status({ folder: join(folder, 'feeds', '9') });
	const outside = journals.status({ folder: temporaryFolder() });
	await engine.control.setFeeds({ endpoints: [endpoint], feeds: [feed, away, outside] });
	await engine.untilStored(1);
	await engine.control.setFeeds({ endpoints: [endpoint], feeds: [feed] });
	const state = await engine.state();
	expect(state.endpoints).toEqual([endpoint]);
	expect(state.sources).toMatchObject([{ name: 'worker-1', feed }]);
	expect(engine.events).toContainEqual({ name: 'endpointsChanged', value: [endpoint] });
	await until('the news', () =>
		engine.events.some(
			({ name, value }) =>
				name === 'sourcesChanged' && JSON.stringify(value).includes('All is well'),
		),
	);
});

test('nobody but the engine opens a feed', async () => {
	const folder = temporaryFolder();
	const journals = new JournalsInTest(folder);
	const engine = await EngineClient.open(temporaryFolder());
	const config = { type: 'feed', path: journals.folder, name: 'x' } as unknown as SourceConfig;
	await expect(engine.api.openSource(config)).rejects.toMatchObject({ code: 'invalid-params' });
});

test('a journal that is finished leaves when it is stored, and its lines stay as written', async () => {
	const folder = temporaryFolder();
	const journals = new JournalsInTest(folder);
	const engine = await EngineClient.open(folder);
	await engine.api.updateSettings({ keep_text: false });
	const gap = formatLostRecords({ records: 3, reason: 'The queue was full' });
	journals.append(['a']);
	journals.appendText(`${gap}\n`, 1);
	journals.rotate();
	journals.append(['b', 'c']);
	journals.rotate();
	await untilLeft(journals, 1);
	journals.append(['d']);
	await engine.untilStored(5);
	journals.nextSession('two');
	journals.append(['e']);
	await untilLeft(journals, 1);
	await engine.untilStored(6);
	await engine.kill();
	const next = await EngineClient.open(folder);
	await next.untilRead();
	const rows = await next.rows();
	const lost = '3 records are missing here: The queue was full';
	expect(rows.map(({ message }) => message)).toEqual(['e', 'd', 'c', 'b', lost, 'a']);
	const texts = await Promise.all(rows.map(({ seq }) => next.api.getEntry({ seq })));
	expect(texts.map((entry) => `${entry?.raw}\n`)).toEqual([
		...['e', 'd', 'c', 'b'].map((message) => logText([message])),
		`${gap}\n`,
		logText(['a']),
	]);
	const [source] = (await next.state()).sources;
	expect(source).toMatchObject({ state: 'following', files: 2 });
	expect(source?.ledger).toMatchObject({ lines: 6, entries: 6, gaps: 1, lost_bytes: 0 });
	expect(await next.api.getSourceFiles({ id: 1 })).toMatchObject([
		{ kind: 'journal', state: 'following', ledger: { lines: 1 } },
		{ kind: 'journal', state: 'gone', path: journals.folder, ledger: { lines: 5, gaps: 1 } },
	]);
	for (const { ledger } of await next.api.getSourceFiles({ id: 1 })) {
		expectToAddUp(ledger);
	}
	expect((await next.state()).problems).toEqual([]);
});

test('a torn line that its receiver cuts off was never there', async () => {
	const folder = temporaryFolder();
	const journals = new JournalsInTest(folder);
	const engine = await EngineClient.open(folder);
	journals.append(['a']);
	const whole = logText(['a']).length;
	journals.appendText(logText(['torn line that is longer']).slice(0, -9), 0);
	await until('a held line', async () => {
		const [source] = (await engine.state()).sources;
		return (source?.ledger.held_bytes ?? 0) > 0;
	});
	journals.cutTornLine(whole);
	journals.append(['b', 'c', 'd']);
	await engine.untilStored(4);
	await engine.untilRead();
	expect(await engine.messages()).toEqual(['d', 'c', 'b', 'a']);
});

test('a feed that is closed goes with its journals, and comes back as another one', async () => {
	const folder = temporaryFolder();
	const journals = new JournalsInTest(folder);
	const engine = await EngineClient.open(folder);
	journals.append(['a']);
	await engine.untilStored(1);
	await engine.api.closeSource({ id: 1 });
	expect(await engine.rows()).toEqual([]);
	expect(readdirSync(join(folder, 'feeds'))).toEqual([]);
	await engine.control.setFeeds({ endpoints: [], feeds: [journals.status()] });
	expect((await engine.state()).sources).toEqual([]);
	const again = new JournalsInTest(folder, 'worker-1', 2);
	again.append(['b']);
	await engine.control.setFeeds({ endpoints: [], feeds: [again.status()] });
	await engine.untilStored(1);
	expect((await engine.state()).sources).toMatchObject([{ id: 2, name: 'worker-1' }]);
	expect(await engine.messages()).toEqual(['b']);
});

test('a journal whose folder is gone says so, and its entries stay', async () => {
	const folder = temporaryFolder();
	const journals = new JournalsInTest(folder);
	const engine = await EngineClient.open(folder);
	journals.append(['a']);
	await engine.untilStored(1);
	await engine.close();
	rmSync(journals.folder, { recursive: true });
	const next = await EngineClient.open(folder);
	const source = await next.untilSource('missing');
	expect(source.message).toContain('is gone. Its entries stay');
	expect(await next.messages()).toEqual(['a']);
	await next.api.closeSource({ id: source.id });
	expect(await next.rows()).toEqual([]);
});

const KILLS = 10 * TEST_SCALE;

test(
	`killed ${KILLS} times while journals come and go, it shows each line once`,
	async () => {
		const folder = temporaryFolder();
		const journals = new JournalsInTest(folder);
		const random = new Random(11);
		const written: string[] = [];
		const add = () => {
			for (let part = random.below(4); part >= 0; part--) {
				const more = numberedMessages('m', written.length, written.length + random.below(400));
				written.push(...more);
				journals.append(more);
				if (random.chance(0.1)) {
					journals.nextSession(`session-${written.length}`);
				} else if (random.chance(0.5)) {
					journals.rotate();
				}
			}
		};
		let engine = await EngineClient.open(folder);
		for (let kill = 0; kill < KILLS; kill++) {
			add();
			const { length } = written;
			const isPatient = random.chance(0.5);
			await until('some progress', async () => {
				const { storage } = await engine.state();
				return isPatient
					? storage.appended >= length || journals.names().length === 1
					: storage.appended > random.below(length);
			});
			await engine.kill();
			add();
			checkDatabase(join(folder, 'logs.db'));
			engine = await EngineClient.open(folder);
		}
		await engine.untilStored(written.length);
		await engine.untilRead();
		await untilLeft(journals, 1);
		expect(firstDifference(await engine.messages(), written.toReversed())).toBeUndefined();
		const [source] = (await engine.state()).sources;
		expect(source?.ledger).toMatchObject({ lines: written.length, gaps: 0, lost_bytes: 0 });
		expect((await engine.state()).problems).toEqual([]);
		await engine.close();
		checkDatabase(join(folder, 'logs.db'));
	},
	120_000 * TEST_SCALE,
);
