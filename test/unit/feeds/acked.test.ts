import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';
import { connectTo, journalsOf, linesOf, readFeeds, startReceiver, linesOnce } from './feed-rig.ts';
import type { Client, FeedRig } from './feed-rig.ts';

const hello = (fields: object = {}) =>
	JSON.stringify({ hello: 1, source: 'worker', session: 's1', ack: true, ...fields });

const gap = (records: number) =>
	JSON.stringify({ gap: { records, reason: 'The sender no longer had these records' } });

async function greet(rig: FeedRig, fields: object = {}): Promise<Client> {
	const client = await connectTo(rig.socketPath);
	client.send(hello(fields));
	await until('the answer', () => client.answers.length > 0);
	return client;
}

const lastAnswer = (client: Client) => client.answers.at(-1);
const untilAck = (client: Client, last: number) =>
	until(`ack ${last}`, () => JSON.stringify(lastAnswer(client)) === `{"ack":${last}}`);

test('a session is told what is stored of it, and lines are acknowledged', async () => {
	const rig = await startReceiver();
	const client = await greet(rig);
	expect(client.answers).toEqual([{ hello: 1, last: 0 }]);
	client.send('a', 'b');
	await untilAck(client, 2);
	client.write('c\nhalf a line');
	await untilAck(client, 3);
	client.socket.destroy();
	const again = await greet(rig);
	expect(again.answers).toEqual([{ hello: 1, last: 3 }]);
	again.send('half a line, whole');
	await untilAck(again, 4);
	expect(linesOf(rig.folder, 'worker')).toEqual(['a', 'b', 'c', 'half a line, whole']);
	expect(journalsOf(join(rig.folder, '1'))).toEqual(['s1-0000000000000001.jsonl']);
});

test('what was sent before the end of the connection is acknowledged still', async () => {
	const rig = await startReceiver();
	const client = await greet(rig);
	client.send('a', 'b', 'c');
	await client.end();
	expect(lastAnswer(client)).toEqual({ ack: 3 });
});

test('a receiver started anew cuts off a torn line and goes on behind the last whole one', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const client = await greet(first);
	client.send('a', 'b', 'c');
	await untilAck(client, 3);
	await first.receiver.close();
	truncateSync(join(first.folder, '1', 's1-0000000000000001.jsonl'), 5);
	const second = await startReceiver({}, base);
	const again = await greet(second);
	expect(again.answers).toEqual([{ hello: 1, last: 2 }]);
	again.send('c!');
	await untilAck(again, 3);
	expect(linesOf(second.folder, 'worker')).toEqual(['a', 'b', 'c!']);
});

test('records that the sender no longer had are a gap, which takes one of their numbers', async () => {
	const rig = await startReceiver();
	const client = await greet(rig, { first: 10, next: 12 });
	client.send('record 10', 'record 11');
	await untilAck(client, 11);
	client.socket.destroy();
	const again = await greet(rig, { first: 20, next: 21 });
	expect(again.answers[0]).toEqual({ hello: 1, last: 11 });
	again.send('record 20');
	await untilAck(again, 20);
	expect(linesOf(rig.folder, 'worker')).toEqual([
		gap(9),
		'record 10',
		'record 11',
		gap(8),
		'record 20',
	]);
	expect(journalsOf(join(rig.folder, '1'))).toEqual([
		's1-0000000000000009.jsonl',
		's1-0000000000000019.jsonl',
	]);
});

test('gap lines of the sender are lines like any other', async () => {
	const rig = await startReceiver();
	const client = await greet(rig);
	const gap = '{"gap":{"records":5,"reason":"The queue was full"}}';
	client.send('a', gap, 'b');
	await untilAck(client, 3);
	expect(linesOf(rig.folder, 'worker')).toEqual(['a', gap, 'b']);
});

test('a session that comes again takes the place of its own dead connection', async () => {
	const rig = await startReceiver();
	const stale = await greet(rig);
	stale.send('a');
	await untilAck(stale, 1);
	const client = await greet(rig);
	expect(client.answers).toEqual([{ hello: 1, last: 1 }]);
	await until('the stale one to be hung up on', () => stale.isClosed);
	client.send('b');
	await untilAck(client, 2);
	expect(readFeeds(rig.folder)).toEqual({ worker: ['a', 'b'] });
});

test('two senders with one name, and two names with one session, are kept apart', async () => {
	const rig = await startReceiver();
	const one = await greet(rig);
	const two = await greet(rig, { session: 's2' });
	const three = await greet(rig, { source: 'other' });
	one.send('one');
	two.send('two');
	three.send('three');
	await untilAck(one, 1);
	await untilAck(two, 1);
	await untilAck(three, 1);
	expect(readFeeds(rig.folder)).toEqual({
		worker: ['one'],
		'worker 2': ['two'],
		other: ['three'],
	});
	// With its namesake gone, a session still goes on where it was.
	one.socket.destroy();
	two.socket.destroy();
	await until('both to be gone', () => rig.receiver.status.endpoints[0]?.clients === 1);
	const again = await greet(rig, { session: 's2' });
	expect(again.answers).toEqual([{ hello: 1, last: 1 }]);
});

test('sessions are remembered although the engine has deleted what it read of them', async () => {
	const base = temporaryFolder();
	const rig = await startReceiver({}, base);
	for (const session of ['s1', 's2', 's1', 's3']) {
		const client = await greet(rig, { session });
		client.send(`${session} again`);
		await until('an ack', () => client.answers.length === 2);
		await client.end();
	}
	const folder = join(rig.folder, '1');
	expect(journalsOf(folder)).toEqual([
		's1-0000000000000001.jsonl',
		's1-0000000000000002.jsonl',
		's2-0000000000000001.jsonl',
		's3-0000000000000001.jsonl',
	]);
	for (const name of readdirSync(folder).filter((name) => /^s[12]/.test(name))) {
		rmSync(join(folder, name));
	}
	await rig.receiver.close();
	const next = await startReceiver({}, base);
	expect((await greet(next, { session: 's2' })).answers).toEqual([{ hello: 1, last: 1 }]);
	// Its feed is taken, so that it goes on in another one, and stays there.
	for (const last of [2, 3]) {
		const client = await greet(next, { session: 's1' });
		expect(client.answers).toEqual([{ hello: 1, last }]);
		client.send('s1 once more');
		await untilAck(client, last + 1);
		await client.end();
	}
	expect(linesOf(next.folder, 'worker 2')).toEqual(['s1 once more', 's1 once more']);
});

test('a session id that is used again for other records is refused', async () => {
	const rig = await startReceiver();
	const client = await greet(rig);
	client.send('a', 'b', 'c');
	await untilAck(client, 3);
	await client.end();
	const other = await connectTo(rig.socketPath);
	other.send(hello({ first: 1, next: 2 }));
	await until('the receiver to hang up', () => other.isClosed);
	expect(rig.receiver.status.endpoints[0]?.message).toBe(
		'worker says that its next record is number 2, but 3 of its session are stored: each start of a sender needs a session of its own.',
	);
});

test('a feed whose folder is removed while it sends goes on in a new one', async () => {
	const rig = await startReceiver();
	const client = await greet(rig);
	client.send('a', 'b');
	await untilAck(client, 2);
	rmSync(join(rig.folder, '1'), { recursive: true });
	expect(rig.receiver.status.feeds).toEqual([]);
	client.send('c');
	await untilAck(client, 3);
	expect(linesOf(rig.folder, 'worker')).toEqual(['c']);
	expect(rig.receiver.status.feeds[0]?.folder).toBe(join(rig.folder, '2'));
	client.socket.destroy();
	const again = await greet(rig);
	expect(again.answers).toEqual([{ hello: 1, last: 3 }]);
});

test('what stands in the folder of feeds and is none is left alone', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const client = await connectTo(first.socketPath);
	client.send('a');
	expect(await linesOnce(first.folder, 'unix client', 1)).toEqual(['a']);
	await first.receiver.close();
	writeFileSync(join(first.folder, 'notes'), 'x');
	writeFileSync(join(first.folder, '1', 'plain-x.jsonl'), 'x');
	const second = await startReceiver({}, base);
	const other = await connectTo(second.socketPath);
	other.send('b');
	await until('the line', () => {
		rmSync(join(first.folder, 'notes'), { force: true });
		return linesOf(second.folder, 'unix client').at(-1) === 'b';
	});
});
