import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that looks at every line of a log. */
export interface Tool {
	readonly name: string;
	readonly command: string;
	/** Before the path. */
	readonly args: readonly string[];
	/** The most times it is run on a large file: some take long. */
	readonly runs: number;
	/** Whether what it prints is the number of lines. */
	readonly counts: boolean;
}

/** Node, JSON.parse of every line: what the index is measured by. */
export const PARSE: Tool = {
	name: 'JSON.parse',
	command: process.execPath,
	args: [fileURLToPath(new URL('parse-lines.ts', import.meta.url))],
	runs: Infinity,
	counts: true,
};

const OTHERS: readonly Tool[] = [
	{ name: 'wc -l', command: 'wc', args: ['-l'], runs: Infinity, counts: true },
	{ ...rg('rg -c absent', '-c', 'thisisnotthere') },
	{ ...rg('rg -ci frequent', '-ci', 'submitted') },
	{
		name: 'jq count',
		command: 'jq',
		args: ['-n', 'reduce inputs as $record (0; . + 1)'],
		runs: 1,
		counts: true,
	},
	{
		name: 'lnav count(*)',
		command: 'lnav',
		args: ['-n', '-c', ';SELECT count(*) FROM asyncz_bench'],
		runs: Infinity,
		counts: true,
	},
];

/** A whole run of ripgrep. */
export function rg(name: string, flags: string, word: string): Tool {
	return { name, command: 'rg', args: [flags, word], runs: Infinity, counts: false };
}

/** The tools that are installed here; names of the others. */
export function findTools(): { readonly tools: readonly Tool[]; readonly missing: string[] } {
	const isThere = ({ command }: Tool) =>
		spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
	return {
		tools: [PARSE, ...OTHERS.filter(isThere)],
		missing: OTHERS.filter((tool) => !isThere(tool)).map(({ name }) => name),
	};
}

/**
 * Runs a tool on a file, start and end of its process included; returns milliseconds. `home` is
 * where it may keep what is its own. Throws if it did not do its work.
 */
export function timeTool(tool: Tool, file: string, options: ToolOptions): number {
	teachLnav(options.home);
	const started = performance.now();
	const { stdout, stderr, status, error } = spawnSync(tool.command, [...tool.args, file], {
		encoding: 'utf8',
		env: { ...process.env, HOME: options.home, XDG_CONFIG_HOME: join(options.home, '.config') },
	});
	const ms = performance.now() - started;
	const isDone = tool.counts ? stdout?.includes(String(options.lines)) : (status ?? 2) < 2;
	if (isDone !== true) {
		throw new Error(`${tool.name} failed: ${error?.message ?? `${stdout}${stderr}`}`);
	}
	return ms;
}

/** Where a tool runs, and what it has to find. */
export interface ToolOptions {
	readonly home: string;
	readonly lines: number;
}

/** What ripgrep counts, for comparison with an answer of our own. */
export function countByRg(word: string, file: string): { ms: number; matched: number } {
	const started = performance.now();
	const { stdout } = spawnSync('rg', ['-ci', word, file], { encoding: 'utf8' });
	return { ms: performance.now() - started, matched: Number(stdout.trim()) };
}

/** lnav reads lines as records only where a format says what is in them. */
function teachLnav(home: string): void {
	const folder = join(home, '.config', 'lnav', 'formats', 'asyncz');
	mkdirSync(folder, { recursive: true });
	const format = {
		$schema: 'https://lnav.org/schemas/format-v1.schema.json',
		asyncz_bench: {
			title: 'AsyncZ',
			description: 'Records of AsyncZ',
			json: true,
			'file-pattern': '.*\\.jsonl$',
			'timestamp-field': 'ts',
			'level-field': 'level',
			'body-field': 'message',
			'line-format': [{ field: 'ts' }, ' ', { field: 'message' }],
			value: { logger: { kind: 'string' }, task_id: { kind: 'string', identifier: true } },
		},
	};
	writeFileSync(join(folder, 'format.json'), JSON.stringify(format));
}
