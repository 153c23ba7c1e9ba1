import { appendFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { EndlessCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { asynczLine, logText, numberedMessages } from '../support/write-log.ts';

const MINUTE = 60_000;

let cwd = '';
let tmp = '';

beforeEach(() => {
	cwd = temporaryFolder();
	tmp = temporaryFolder();
});

const MESSAGES = ['--columns', 'message', '--order', 'arrival'];

function follow(...args: readonly string[]): EndlessCommand {
	return new EndlessCommand(['query', '--follow', ...MESSAGES, ...args], { cwd, tmp });
}

const linesOf = (messages: readonly string[]) => messages.map((message) => `${message}\n`).join('');

test(
	'prints the newest so many, then what comes, across rotations, until Ctrl+C',
	async () => {
		const log = join(cwd, 'a.jsonl');
		writeFileSync(log, logText(['old 0', 'old 1', 'old 2']));
		const command = follow('--limit', '2', 'a.jsonl');
		await command.untilLines(2);
		expect(command.stdout).toBe(linesOf(['old 1', 'old 2']));
		const written = ['old 1', 'old 2'];
		for (let round = 0; round < 8; round++) {
			const more = numberedMessages(`round ${round} line`, 0, 20);
			for (const message of more) {
				appendFileSync(log, logText([message]));
			}
			written.push(...more);
			// Two at once now and then: one of them is never seen under its first name.
			if (round % 3 !== 1) {
				await command.untilLines(written.length);
			}
			for (let sibling = round; sibling > 0; sibling--) {
				renameSync(`${log}.${sibling}`, `${log}.${sibling + 1}`);
			}
			renameSync(log, `${log}.1`);
		}
		await command.untilLines(written.length);
		expect(command.stdout).toBe(linesOf(written));
		command.interrupt();
		expect({ code: await command.ended(), stderr: command.stderr }).toEqual({
			code: 0,
			stderr: '',
		});
		expect(readdirSync(tmp)).toEqual([]);
	},
	2 * MINUTE,
);

test(
	'prints a history of any size whole and once, while more is written behind it',
	async () => {
		const log = join(cwd, 'a.jsonl');
		const written = numberedMessages('message', 0, 100_000);
		writeFileSync(log, logText(written));
		const command = follow('a.jsonl');
		for (let at = 100_000; command.stdout === '' || at < 100_200; at++) {
			written.push(`message ${at}`);
			appendFileSync(log, logText([`message ${at}`]));
			await new Promise((resolve) => setImmediate(resolve));
		}
		await command.untilLines(written.length);
		expect(command.stdout === linesOf(written)).toBe(true);
		command.interrupt();
		expect(await command.ended()).toBe(0);
	},
	3 * MINUTE,
);

test(
	'does not print the history that is filled in behind the newest entries',
	async () => {
		const log = join(cwd, 'a.jsonl');
		writeFileSync(log, logText(numberedMessages('message', 0, 200_000)));
		const command = follow('--limit', '3', 'a.jsonl');
		await command.untilLines(3);
		const written = numberedMessages('message', 199_997, 200_000);
		for (let at = 200_000; at < 200_020; at++) {
			written.push(`message ${at}`);
			appendFileSync(log, logText([`message ${at}`]));
			await command.untilLines(written.length);
		}
		expect(command.stdout).toBe(linesOf(written));
		command.interrupt();
		expect(await command.ended()).toBe(0);
	},
	3 * MINUTE,
);

test(
	'prints what matches of logs that appear, whatever their size, each line once',
	async () => {
		const folder = join(cwd, 'logs');
		mkdirSync(folder);
		writeFileSync(join(folder, 'a.jsonl'), logText(['first 0']));
		const args = ['--format', 'jsonl', '--query', 'level:error OR message:first', 'logs'];
		const command = follow(...args);
		await command.untilLines(1);
		// More than is read in turn: its end is there before its beginning.
		const large = numberedMessages('line', 0, 60_000).map((message, at) =>
			asynczLine(message, { level: at % 3 === 0 ? 'ERROR' : 'INFO' }),
		);
		const errors = large.filter((_, at) => at % 3 === 0);
		writeFileSync(join(folder, 'large.jsonl'), `${large.join('\n')}\n`);
		await command.untilLines(1 + errors.length);
		appendFileSync(join(folder, 'a.jsonl'), logText(['none', 'first 1']));
		await command.untilLines(2 + errors.length);
		const expected = [asynczLine('first 0'), ...errors, asynczLine('first 1')];
		expect(command.stdout === linesOf(expected)).toBe(true);
		command.interrupt();
		expect(await command.ended()).toBe(0);
	},
	3 * MINUTE,
);

test(
	'prints what is added to files that look like rotated ones',
	async () => {
		const folder = join(cwd, 'logs');
		mkdirSync(folder);
		const names = ['app.log.1', 'app.log', 'worker.1.log', 'worker.2.log'];
		for (const name of names) {
			writeFileSync(join(folder, name), logText([`${name} old`]));
		}
		const command = follow('logs');
		await command.untilLines(names.length);
		const added: string[] = [];
		for (const name of [...names, ...names]) {
			added.push(`${name} new ${added.length}`);
			appendFileSync(join(folder, name), logText(added.slice(-1)));
			await command.untilLines(names.length + added.length);
		}
		expect(command.stdout.endsWith(linesOf(added))).toBe(true);
		command.interrupt();
		expect(await command.ended()).toBe(0);
	},
	3 * MINUTE,
);

test(
	'names the columns of CSV once',
	async () => {
		const log = join(cwd, 'a.jsonl');
		writeFileSync(log, '');
		const command = follow('--format', 'csv', 'a.jsonl');
		await command.untilLines(1);
		appendFileSync(log, logText(['one']));
		await command.untilLines(2);
		appendFileSync(log, logText(['two']));
		await command.untilLines(3);
		expect(command.stdout).toBe('message\r\none\r\ntwo\r\n');
		command.interrupt();
		expect(await command.ended()).toBe(0);
	},
	2 * MINUTE,
);

test(
	'ends without a word when nobody reads on',
	async () => {
		const log = join(cwd, 'a.jsonl');
		writeFileSync(log, logText(['one']));
		const command = follow('a.jsonl');
		await command.untilLines(1);
		command.child.stdout?.destroy();
		appendFileSync(log, logText(['two']));
		expect({ code: await command.ended(), stderr: command.stderr }).toEqual({
			code: 0,
			stderr: '',
		});
		expect(readdirSync(tmp)).toEqual([]);
	},
	2 * MINUTE,
);
