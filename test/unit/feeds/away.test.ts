import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';
import { until } from '../../support/until.ts';
import { connectTo, gapsOf, linesOnce, startReceiver } from './feed-rig.ts';

const AWAY = { reason: 'The companion was not running while this feed was connected' };
const feedFile = (folder: string) => join(folder, '1', 'feed.json');
const readFeedFile = (folder: string) =>
	JSON.parse(readFileSync(feedFile(folder), 'utf8')) as Record<string, unknown>;

test('what is sent to a receiver that has ended is lost, which is written down when the feed returns', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const client = await connectTo(first.socketPath);
	client.send('a');
	await linesOnce(first.folder, 'unix client', 1);
	const before = Date.now();
	await first.receiver.close();
	expect(readFeedFile(first.folder)).toMatchObject({ connected: true });

	const second = await startReceiver({}, base);
	const again = await connectTo(second.socketPath);
	again.send('b');
	const lines = await linesOnce(second.folder, 'unix client', 3);
	expect([lines[0], lines[2]]).toEqual(['a', 'b']);
	expect(gapsOf(lines)).toEqual([AWAY]);
	const { gap } = JSON.parse(lines[1] ?? '') as { gap: { from: string; to: string } };
	expect(gap.from).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/);
	expect(Date.parse(gap.from)).toBeGreaterThanOrEqual(before);
	expect(Date.parse(gap.to)).toBeGreaterThanOrEqual(Date.parse(gap.from));
});

test('after a kill the gap begins when something was stored last', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const client = await connectTo(first.socketPath);
	client.send('a');
	await linesOnce(first.folder, 'unix client', 1);
	await until('feed.json', () => readFeedFile(first.folder)['connected'] === true);
	const killed = readFileSync(feedFile(first.folder));
	await first.receiver.close();
	writeFileSync(feedFile(first.folder), killed);
	const stored = new Date('2026-11-26T10:00:00Z');
	utimesSync(join(first.folder, '1', 'plain-0000000000000001.jsonl'), stored, stored);

	const second = await startReceiver({}, base);
	const again = await connectTo(second.socketPath);
	again.send('b');
	const lines = await linesOnce(second.folder, 'unix client', 3);
	expect(lines[1]).toContain('"from":"2026-11-26 10:00:00.000000+00:00"');
});

test('a feed that had gone before the receiver ended has no gap', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const client = await connectTo(first.socketPath);
	client.send('a');
	await client.end();
	await first.receiver.close();
	const second = await startReceiver({}, base);
	const again = await connectTo(second.socketPath);
	again.send('b');
	expect(await linesOnce(second.folder, 'unix client', 2)).toEqual(['a', 'b']);
});

test('a feed that does not come back has its gap after a minute', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const client = await connectTo(first.socketPath);
	client.send('a');
	await linesOnce(first.folder, 'unix client', 1);
	await first.receiver.close();

	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	const second = await startReceiver({}, base);
	vi.advanceTimersByTime(60_000);
	vi.useRealTimers();
	const lines = await linesOnce(second.folder, 'unix client', 2);
	expect(gapsOf(lines)).toEqual([AWAY]);
	await second.receiver.close();
	expect(readFeedFile(second.folder)['connected']).toBe(false);
});

test('a numbered feed has no such gap: its sender sends again what is missing', async () => {
	const base = temporaryFolder();
	const hello = '{"hello":1,"source":"unix client","session":"s","ack":true}';
	const first = await startReceiver({}, base);
	const client = await connectTo(first.socketPath);
	client.send(hello);
	await until('the answer', () => client.answers.length === 1);
	client.send('a');
	await until('the ack', () => client.answers.length === 2);
	await first.receiver.close();
	const second = await startReceiver({}, base);
	const again = await connectTo(second.socketPath);
	again.send(hello);
	await until('the answer', () => again.answers.length === 1);
	again.send('b');
	expect(await linesOnce(second.folder, 'unix client', 2)).toEqual(['a', 'b']);
});
