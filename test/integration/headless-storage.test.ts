import { execFileSync } from 'node:child_process';
import {
	appendFileSync,
	existsSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { root } from '../support/hosts/test-host.ts';
import { EndlessCommand, runCommand } from '../support/run-command.ts';
import type { CommandResult } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { logText, numberedMessages } from '../support/write-log.ts';

const MINUTE = 60_000;

let cwd = '';
let tmp = '';

beforeEach(() => {
	cwd = temporaryFolder();
	tmp = temporaryFolder();
});

function run(...args: readonly string[]): Promise<CommandResult> {
	return runCommand(args, { cwd, tmp });
}

const childOf = (pid: string) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
const isHidden = (pid: string) =>
	readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('asyncz');

const MESSAGES = ['--columns', 'message'];
const linesOf = (messages: readonly string[]) => messages.map((message) => `${message}\n`).join('');

test(
	'entries of a file go to the storage that is named, and are printed from there',
	async () => {
		const messages = numberedMessages('m', 0, 12_000);
		writeFileSync(join(cwd, 'all.jsonl'), logText(['there before']));
		writeFileSync(join(cwd, 'a.log'), logText(messages));
		const storage = ['--storage', 'jsonl:all.jsonl'];
		const stored = await run('query', ...MESSAGES, ...storage, 'a.log');
		expect(stored).toMatchObject({ code: 0, stderr: '' });
		expect(stored.stdout.toString()).toBe(linesOf(['there before', ...messages]));
		// What is in it is asked for without a file.
		const found = await run('query', ...MESSAGES, ...storage, '--query', 'before OR 11999');
		expect(found.stdout.toString()).toBe(linesOf(['there before', 'm 11999']));
		const script = 'import json,sys\nprint(sum(1 for l in open("all.jsonl") if json.loads(l)))';
		expect(execFileSync('python3', ['-c', script], { cwd }).toString()).toBe('12001\n');
		expect(readdirSync(tmp)).toEqual([]);
	},
	2 * MINUTE,
);

test(
	'a storage is followed as a log is, whoever writes to it',
	async () => {
		const path = join(cwd, 'all.jsonl');
		writeFileSync(path, logText(['one']));
		const command = new EndlessCommand(
			['query', '--follow', ...MESSAGES, '--storage', 'jsonl:all.jsonl'],
			{ cwd, tmp },
		);
		await command.untilLines(1);
		for (const message of ['two', 'three']) {
			appendFileSync(path, logText([message]));
		}
		await command.untilLines(3);
		command.interrupt();
		expect(await command.ended()).toBe(0);
		expect([command.stdout, command.stderr]).toEqual([linesOf(['one', 'two', 'three']), '']);
	},
	2 * MINUTE,
);

test(
	'a storage that gives no answer for a while is followed on, and said to be away',
	async () => {
		const example = join(root, 'resources', 'examples', 'plain-storage.mjs');
		const away = join(cwd, 'away');
		writeFileSync(
			join(cwd, 'own.mjs'),
			`import { existsSync } from 'node:fs';
			import { openStorage as open } from ${JSON.stringify(example)};
			export async function openStorage() {
				const storage = await open({ place: 'kept' });
				const query = async (asked) => {
					if (existsSync('away')) throw new Error('It is away.');
					return storage.query(asked);
				};
				return { ...storage, query };
			}`,
		);
		const path = join(cwd, 'a.log');
		writeFileSync(path, logText(['one']));
		const command = new EndlessCommand(
			['query', '--follow', ...MESSAGES, '--storage', './own.mjs', 'a.log'],
			{ cwd, tmp },
		);
		await command.untilLines(1);
		writeFileSync(away, '');
		appendFileSync(path, logText(['two']));
		await command.untilSaid('It is away.');
		rmSync(away);
		appendFileSync(path, logText(['three']));
		await command.untilLines(3);
		command.interrupt();
		expect(await command.ended()).toBe(0);
		expect(command.stdout).toBe(linesOf(['one', 'two', 'three']));
	},
	2 * MINUTE,
);

test(
	'what can not be stored is said, and no password with it',
	async () => {
		writeFileSync(join(cwd, 'a.log'), logText(['a']));
		const missing = await run('query', '--storage', 'jsonl:no/such.jsonl', 'a.log');
		expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('such.jsonl') });
		const away = await run('query', '--storage', 'redis://me:hunter22@127.0.0.1:1/0');
		expect(away.code).toBe(1);
		expect(away.stderr).toContain('127.0.0.1');
		expect(away.stderr + away.stdout.toString()).not.toContain('hunter22');
		const asFile = await run('query', 'postgres://me:hunter22@127.0.0.1/logs');
		expect(asFile.stderr).toBe(
			'postgres://me:***@127.0.0.1/logs is no log but a storage: name it with --storage\n',
		);
	},
	2 * MINUTE,
);

test(
	'what is only read is never made',
	async () => {
		for (const [storage, path] of [
			['jsonl:typo.jsonl', 'typo.jsonl'],
			['rotating:typo.log', 'typo.log'],
		] as const) {
			const read = await run('export', '--storage', storage);
			const place = join(cwd, path);
			expect(read).toMatchObject({
				code: 1,
				stderr: `There is no file ${place}. Correct its path: what is only read is not made.\n`,
			});
		}
		expect(readdirSync(cwd)).toEqual([]);
		// Nor is what a data folder has handed on, without a log that is to go there.
		writeFileSync(join(cwd, 'a.log'), logText(['a']));
		writeFileSync(join(cwd, 'there.jsonl'), logText(['there before']));
		expect((await run('query', '--data', 'data', 'a.log')).code).toBe(0);
		const there = ['--data', 'data', '--storage', 'jsonl:there.jsonl'];
		const read = await run('query', ...MESSAGES, ...there);
		expect(read).toMatchObject({ code: 0, stderr: '' });
		expect(read.stdout.toString()).toBe('there before\n');
		expect(readFileSync(join(cwd, 'there.jsonl'), 'utf8')).toBe(logText(['there before']));
	},
	2 * MINUTE,
);

test(
	'nothing is kept with a ring in memory',
	async () => {
		writeFileSync(join(cwd, 'a.log'), logText(numberedMessages('m', 0, 20)));
		const ring = await run('query', ...MESSAGES, '--storage', 'memory?maxlen=5', 'a.log');
		expect(ring.stdout.toString()).toBe(linesOf(numberedMessages('m', 15, 20)));
		expect(ring).toMatchObject({ code: 0, stderr: '' });
		expect(readdirSync(tmp)).toEqual([]);
	},
	2 * MINUTE,
);

test.runIf(existsSync('/proc/self/cmdline'))(
	'no list of processes shows the password of a storage',
	async () => {
		const command = new EndlessCommand(
			['query', '--follow', '--storage', 'redis://me:hunter22@127.0.0.1:1/0'],
			{ cwd, tmp, script: 'bin/asyncz-companion.js' },
		);
		// Of what is installed, and of the one it has started.
		const pid = `${command.child.pid}`;
		await command.until(
			'their arguments to be hidden',
			() => isHidden(pid) && childOf(pid) !== '' && isHidden(childOf(pid)),
		);
		expect(await command.ended()).toBe(1);
		expect(command.stderr).not.toContain('hunter22');
	},
	2 * MINUTE,
);
