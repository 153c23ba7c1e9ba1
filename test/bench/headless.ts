import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { largestLog } from './plan.ts';
import type { Plan } from './plan.ts';

const SCRIPT = fileURLToPath(new URL('../../src/main/launch.ts', import.meta.url));

/** Programs that print the errors of a log, from process start to the last line. */
const OTHERS: readonly { readonly name: string; readonly args: readonly string[] }[] = [
	{ name: 'lnav', args: ['-n', '-c', ':filter-in "level": "ERROR"'] },
	{ name: 'jq', args: ['-c', 'select(.level == "ERROR")'] },
	{ name: 'rg', args: ['"level": "ERROR"'] },
];

/** `query` of a log that nobody has read yet, beside what else prints lines of one. */
export async function measureHeadless(plan: Plan): Promise<void> {
	const { path, bytes } = largestLog(plan);
	const own = (args: readonly string[]) =>
		secondsOf(process.execPath, [SCRIPT, 'query', ...args, path]) ?? NaN;
	const errors = own(['--query', 'level=ERROR', '--format', 'original']);
	const others = OTHERS.map(({ name, args }) => [name, secondsOf(name, [...args, path])] as const);
	const ratios = others.flatMap(([name, seconds]) =>
		seconds === undefined ? [] : [[name, Number((errors / seconds).toFixed(2))] as const],
	);
	plan.print({
		measure: 'query cold, errors',
		unit: 's',
		goal: 'below jq and lnav',
		n: 1,
		value: Number(errors.toFixed(2)),
		bytes,
		times_as_long_as: Object.fromEntries(ratios),
		missing: others.flatMap(([name, seconds]) => (seconds === undefined ? [name] : [])),
	});
	plan.print({
		measure: 'query cold, newest 20',
		unit: 's',
		goal: 'none',
		n: 1,
		value: Number(own(['--limit', '20']).toFixed(2)),
	});
}

/** How long a command takes to print everything to nobody; `undefined` if it is not installed. */
function secondsOf(command: string, args: readonly string[]): number | undefined {
	const start = performance.now();
	const { error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
	return error === undefined ? (performance.now() - start) / 1_000 : undefined;
}
