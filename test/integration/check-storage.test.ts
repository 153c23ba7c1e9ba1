import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/hosts/test-host.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';

const EXAMPLE = join(root, 'resources', 'examples', 'plain-storage.mjs');

async function check(storage: string, cwd = temporaryFolder()) {
	const { code, stdout, stderr } = await runCommand(['check-storage', storage], { cwd, tmp: cwd });
	return { code, lines: stdout.toString().trimEnd().split('\n'), stderr, left: readdirSync(cwd) };
}

test('the example of the guide passes, in under 60 lines', async () => {
	const { code, lines, stderr, left } = await check(EXAMPLE);
	expect([code, stderr, left]).toEqual([0, '', []]);
	expect(lines.filter((line) => line.startsWith('✓')).length).toBeGreaterThanOrEqual(30);
	expect(lines.at(-1)).toMatch(/^It keeps the contract: all \d+ cases passed\.$/);
}, 120_000);

test('files are checked beside those that are named, of which nothing is touched', async () => {
	const folder = temporaryFolder();
	writeFileSync(join(folder, 'mine.jsonl'), 'mine\n');
	const { code, lines, left } = await check('jsonl:mine.jsonl', folder);
	expect([code, left]).toEqual([0, ['mine.jsonl']]);
	expect(lines.slice(0, 2)).toEqual([
		`jsonl:${join(folder, 'mine.jsonl')}`,
		expect.stringContaining('which is removed afterwards.'),
	]);
}, 120_000);

test('a module in TypeScript that breaks a promise fails, and is told which one', async () => {
	const folder = temporaryFolder();
	writeFileSync(
		join(folder, 'own.ts'),
		`import { openStorage as open } from ${JSON.stringify(EXAMPLE)};
		export async function openStorage(options: { place?: string }): Promise<object> {
			const storage = await open(options);
			return { ...storage, stats: async (): Promise<object> => ({ size: 1 }) };
		}`,
	);
	const { code, lines } = await check('./own.ts', folder);
	expect(code).toBe(1);
	const at = lines.findIndex((line) => line.startsWith('✗ The size is exact'));
	expect(lines[at + 1]).toMatch(/^ {4}It is another size than can be queried/);
	expect(lines.at(-1)).toMatch(/^It does not keep the contract: \d+ of \d+ cases failed\.$/);
}, 120_000);

test.each([
	['./own.mjs', 'export const openStorage = {', /own\.mjs is no valid JavaScript: .*Correct it\./],
	['./own.mjs', 'export const other = 1', /exports no function openStorage/],
	['./none.mjs', '', /There is no module .*none\.mjs: check its path\./],
])(
	'%s with %s is a sentence',
	async (path, text, sentence) => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'own.mjs'), text);
		const { code, lines, stderr } = await check(path, folder);
		expect(code).toBe(1);
		expect(`${lines.join('\n')}${stderr}`).toMatch(sentence);
	},
	60_000,
);

test('what can not be reached is one sentence, without the password', async () => {
	const { code, lines, stderr } = await check('redis://me:s3cret@127.0.0.1:1/0');
	expect([code, lines]).toEqual([1, ['']]);
	expect(stderr).toMatch(/^.*127\.0\.0\.1.*\n$/);
	expect(stderr).not.toContain('s3cret');
}, 60_000);
