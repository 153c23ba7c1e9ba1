import { once } from 'node:events';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { EndlessCommand, runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { logText, numberedMessages } from '../support/write-log.ts';

const MINUTE = 60_000;

let cwd = '';
let tmp = '';

beforeEach(() => {
	cwd = temporaryFolder();
	tmp = temporaryFolder();
	chmodSync(cwd, 0o700);
});

const hello = (source: string) => `${JSON.stringify({ hello: 1, source })}\n`;

function start(...args: readonly string[]): EndlessCommand {
	mkdirSync(join(cwd, 'run'), { recursive: true, mode: 0o700 });
	return new EndlessCommand(args, { cwd, tmp }, { XDG_RUNTIME_DIR: join(cwd, 'run') });
}

/** Connects to `feed.sock` in the folder of the command. */
async function connectTo(command: EndlessCommand): Promise<Socket> {
	const path = join(cwd, 'feed.sock');
	await command.untilSaid(`Listening at unix:${path}\n`);
	const socket = connect(path);
	onTestFinished(() => void socket.destroy());
	socket.on('error', () => {}); // it is hung up on
	await once(socket, 'connect');
	return socket;
}

test(
	'query prints what schedulers send, until Ctrl+C',
	async () => {
		const columns = ['--columns', 'source,message', '--query', '-message:secret'];
		const command = start('query', '--listen', 'unix:feed.sock', ...columns);
		const one = await connectTo(command);
		one.write(hello('worker-1') + logText(['a', 'secret', 'b']));
		await command.untilLines(2);
		const other = await connectTo(command);
		other.write(hello('worker-2') + logText(['c']));
		await command.untilLines(3);
		one.write(logText(['d']));
		await command.untilLines(4);
		expect(command.stdout).toBe('worker-1  a\nworker-1  b\nworker-2  c\nworker-1  d\n');
		// The app's own place is left to the app.
		expect(readdirSync(join(cwd, 'run'))).toEqual([]);
		command.interrupt();
		expect({ code: await command.ended(), stderr: command.stderr }).toEqual({
			code: 0,
			stderr: `Listening at unix:${join(cwd, 'feed.sock')}\n`,
		});
		expect({ isThere: existsSync(join(cwd, 'feed.sock')), left: readdirSync(tmp) }).toEqual({
			isThere: false,
			left: [],
		});
	},
	2 * MINUTE,
);

test(
	'query prints all that a scheduler was told to be stored, also at Ctrl+C',
	async () => {
		const command = start('query', '--listen', 'unix:feed.sock', '--format', 'jsonl');
		const socket = await connectTo(command);
		socket.write(
			`${JSON.stringify({ hello: 1, source: 'w', session: 'one', ack: true, next: 1 })}\n`,
		);
		let answer = '';
		socket.on('data', (bytes: Buffer) => {
			answer += bytes.toString();
		});
		await command.until('an answer', () => answer.includes('"last":0'));
		const first = logText(['first']);
		socket.write(first);
		await command.untilLines(1);
		const text = logText(numberedMessages('m', 0, 20_000));
		socket.write(text);
		await command.until('the last one to be stored', () => answer.includes('"ack":20001}'));
		command.interrupt();
		expect(await command.ended()).toBe(0);
		expect(command.stdout === first + text).toBe(true);
	},
	2 * MINUTE,
);

test(
	'query connects to a scheduler, as soon as there is one',
	async () => {
		const server = createServer((socket) => {
			socket.on('error', () => {}); // it hangs up
			socket.write(hello('theirs') + logText(['x']));
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		server.close();
		await once(server, 'close');
		const address = `tcp:127.0.0.1:${port}`;
		const command = start('query', '--connect', address, '--format', 'jsonl');
		await command.untilSaid(`${address}: `);
		onTestFinished(() => void server.close());
		server.listen(port, '127.0.0.1');
		await command.untilSaid(`Connected to ${address}`);
		await command.untilLines(1);
		expect(command.stdout).toBe(logText(['x']));
		command.interrupt();
		expect(await command.ended()).toBe(0);
	},
	2 * MINUTE,
);

test(
	'export writes all that has come when Ctrl+C is pressed',
	async () => {
		const args = ['--format', 'jsonl', '-o', 'out.jsonl'];
		const command = start('export', '--listen', 'unix:feed.sock', ...args);
		const socket = await connectTo(command);
		const text = logText(numberedMessages('m', 0, 20_000));
		socket.write(hello('worker-1') + text);
		socket.end();
		await once(socket, 'close'); // it was read to its end
		command.interrupt();
		expect(await command.ended()).toBe(0);
		expect(readFileSync(join(cwd, 'out.jsonl'), 'utf8') === text).toBe(true);
		expect(readdirSync(tmp)).toEqual([]);
	},
	2 * MINUTE,
);

test(
	'what has come is kept where it is told to, and exported beside the files that are named',
	async () => {
		writeFileSync(join(cwd, 'before.jsonl'), logText(['before']));
		const data = ['--data', 'data', '--columns', 'message', '--format', 'csv'];
		await runCommand(['query', ...data, 'before.jsonl'], { cwd, tmp });
		writeFileSync(join(cwd, 'a.jsonl'), logText(['in a file']));
		const command = start('export', ...data, '--listen', 'unix:feed.sock', 'a.jsonl');
		const socket = await connectTo(command);
		socket.write(hello('worker-1') + logText(['sent']));
		socket.end();
		await once(socket, 'close');
		command.interrupt();
		expect(await command.ended()).toBe(0);
		expect(command.stdout.split('\r\n').toSorted()).toEqual(['', 'in a file', 'message', 'sent']);
		const all = await runCommand(['query', ...data], { cwd, tmp });
		expect(all.stdout.toString().split('\r\n').toSorted()).toEqual([
			'',
			'before',
			'in a file',
			'message',
			'sent',
		]);
	},
	2 * MINUTE,
);

test(
	'says why it can not listen, and ends',
	async () => {
		const server = createServer();
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		onTestFinished(() => void server.close());
		const { port } = server.address() as AddressInfo;
		for (const name of ['query', 'export']) {
			const { code, stderr } = await runCommand([name, '--listen', `tcp:${port}`], { cwd, tmp });
			expect({ code, stderr }).toEqual({
				code: 1,
				stderr: `tcp:127.0.0.1:${port} is in use by another program. Choose another one, or end that program.\n`,
			});
		}
		expect(readdirSync(tmp)).toEqual([]);
	},
	2 * MINUTE,
);
