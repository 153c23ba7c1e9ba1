import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
	closeSync,
	createReadStream,
	openSync,
	readdirSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { TEST_SCALE } from '../support/entries.ts';
import { runCommand, startCommand } from '../support/run-command.ts';
import type { CommandResult } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { asynczLine, logText, numberedMessages } from '../support/write-log.ts';

let cwd = '';
let tmp = '';

beforeEach(() => {
	cwd = temporaryFolder();
	tmp = temporaryFolder();
});

function run(...args: readonly string[]): Promise<CommandResult> {
	return runCommand(args, { cwd, tmp });
}

function write(name: string, content: string | Buffer): string {
	writeFileSync(join(cwd, name), content);
	return name;
}

describe('a run without a window', () => {
	test('writes the lines of files as they are, and leaves nothing behind', async () => {
		const log = `${logText(['a', 'b'])}no end`;
		write('a.log', log);
		write('b.log.gz', gzipSync(logText(['c'])));
		expect(await run('export', '--format', 'original', 'a.log')).toEqual({
			code: 0,
			stdout: Buffer.from(log),
			stderr: '',
		});
		const all = await run('export', '--format=original', '--order', 'arrival', '*.gz', 'a.log');
		expect(all.stdout.toString()).toBe(logText(['c']) + log);
		expect(readdirSync(tmp)).toEqual([]);
	});

	test('finds what another program finds in the same file', async () => {
		const lines = numberedMessages('message', 0, 3_000).map((message, at) =>
			asynczLine(message, { level: ['INFO', 'ERROR', 'DEBUG'][at % 3], extra: { n: at / 4 } }),
		);
		write('a.jsonl', `${lines.join('\n')}\n`);
		const script = `
import json, sys
for line in open('a.jsonl', newline=''):
    r = json.loads(line)
    if r['level'] in ('INFO', 'ERROR') and r['extra']['n'] >= 100.5 and '7' in r['message']:
        sys.stdout.write(line)
`;
		const expected = execFileSync('python3', ['-c', script], { cwd }).toString();
		const query = 'level:(info OR error) n>=100.5 message:7';
		for (const format of ['original', 'jsonl']) {
			const { stdout } = await run('export', '--query', query, '--format', format, 'a.jsonl');
			expect(stdout.toString()).toBe(expected);
		}
	});

	test('prints what a person reads', async () => {
		write('a.jsonl', logText(['one', 'two\u001b[2J', 'three']));
		const { stdout } = await run(
			'query',
			'--zone',
			'utc',
			'--limit',
			'2',
			'--newest',
			'--columns',
			'time,message',
			'a.jsonl',
		);
		expect(stdout.toString()).toBe(
			'2026-11-22 10:19:46.278  three\n2026-11-22 10:19:46.278  two\n',
		);
	});

	test('gives programs times to the microsecond', async () => {
		write('a.jsonl', logText(['one']));
		const args = ['--format', 'csv', '--zone', 'utc', '--columns', 'time', 'a.jsonl'];
		const { stdout } = await run('query', ...args);
		expect(stdout.toString()).toBe('ts\r\n2026-11-22 10:19:46.278583+00:00\r\n');
	});

	test('reads a stretch of time, and stdin', async () => {
		const input = [1, 2, 3]
			.map((second) => `${asynczLine(`m${second}`, { ts: `2026-11-22 10:00:0${second}Z` })}\n`)
			.join('');
		const args = [
			'--since',
			'2026-11-22 10:00:02',
			'--until',
			'2026-11-22T10:00:02Z',
			'--zone',
			'utc',
		];
		const { stdout } = await runCommand(['query', ...args, '--columns', 'message', '-'], {
			cwd,
			tmp,
			input,
		});
		expect(stdout.toString()).toBe('m2\n');
		expect(readdirSync(tmp)).toEqual([]);
	});

	test('keeps what it has read where it is told to', async () => {
		write('a.jsonl', logText(['kept']));
		await run('query', '--data', 'data', 'a.jsonl');
		const { stdout } = await run('query', '--data', 'data', '--columns', 'message');
		expect(stdout.toString()).toBe('kept\n');
	});

	test.each([
		[['query', 'no.log'], 'There is no file or folder'],
		[['query'], 'Name a log'],
		[['query', '--nope', 'a.log'], "Unknown option '--nope'"],
		[['query', '--output', 'x', 'a.log'], '--output is an option of "export"'],
		[['query', '--limit', 'x', 'a.log'], '--limit: expected a number'],
		[['query', '--query', 'level:(', 'a.log'], '--query: '],
		[
			['export', '--format', 'xml', 'a.log'],
			'--format: expected one of jsonl, original, csv, text',
		],
		[['export', '-o', 'a.log', 'a.log'], 'Choose another name, or replace it with --force.'],
		[['export', '--follow', 'a.log'], '--follow is an option of "query"'],
		[['query', '--follow', '-'], 'name a file with --follow'],
		[['query', '--follow', '--newest', 'a.log'], '--newest has no place with --follow'],
		[['query', '--listen', 'tcp:x'], '--listen tcp:x'],
		[['export', '--connect', 'tcp:example.org:80'], '--connect tcp:example.org:80'],
		[['export', '-o', 'no/x', 'a.log'], 'There is no folder'],
	])('says in a sentence why %j fails', async (args, sentence) => {
		write('a.log', logText(['x']));
		const { code, stdout, stderr } = await run(...args);
		expect({ code, out: stdout.toString() }).toEqual({ code: 1, out: '' });
		expect(stderr).toContain(sentence);
		expect(stderr.trimEnd().split('\n')).toHaveLength(1);
		expect(readdirSync(tmp)).toEqual([]);
	});

	test.each(['query', 'export'])('%s has a help', async (command) => {
		const { code, stdout } = await run(command, '--help');
		expect({ code, hasUsage: stdout.toString().includes(`asyncz-companion ${command}`) }).toEqual({
			code: 0,
			hasUsage: true,
		});
	});

	test('ends without a word when nobody reads on', async () => {
		write('a.jsonl', logText(numberedMessages('m', 0, 50_000)));
		const child = startCommand(['query', 'a.jsonl'], { cwd, tmp });
		let stderr = '';
		child.stderr?.on('data', (text: Buffer) => {
			stderr += text.toString();
		});
		const ended = once(child, 'exit');
		await once(child.stdout ?? child, 'data');
		child.stdout?.destroy();
		expect({ code: (await ended)[0], stderr }).toEqual({ code: 0, stderr: '' });
		expect(readdirSync(tmp)).toEqual([]);
	});

	test('leaves nothing behind when it is stopped', async () => {
		write('a.jsonl', logText(numberedMessages('m', 0, 50_000)));
		const child = startCommand(['query', 'a.jsonl'], { cwd, tmp });
		const ended = once(child, 'exit');
		await once(child.stdout ?? child, 'data');
		child.kill('SIGINT');
		expect((await ended)[0]).toBe(130);
		expect(readdirSync(tmp)).toEqual([]);
	});
});

test(
	`${TEST_SCALE} M lines come out byte for byte`,
	{ timeout: 300_000 * TEST_SCALE },
	async () => {
		const path = join(cwd, 'large.jsonl');
		const fd = openSync(path, 'w');
		for (let at = 0; at < 1_000_000 * TEST_SCALE; at += 10_000) {
			writeSync(fd, logText(numberedMessages('message', at, at + 10_000)));
		}
		closeSync(fd);
		const out = join(cwd, 'out.jsonl');
		expect(await run('export', '--format', 'original', '-o', out, path)).toMatchObject({ code: 0 });
		expect(await hashOf(out)).toBe(await hashOf(path));
	},
);

async function hashOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
		hash.update(bytes as Buffer);
	}
	return hash.digest('hex');
}
