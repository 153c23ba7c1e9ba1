import type { Filter, Order } from '#shared/model/query.ts';
import { Random } from '../support/entries.ts';
import { withEngine } from './bench-engine.ts';
import type { Plan } from './plan.ts';
import { rounded, spread } from './statistics.ts';

/** With fewer, the one in a hundred would be one of three, whatever the machine did then. */
const JUMPS = 1_000;
/** What fits into a window, and a little more. */
const ROWS = 50;
const ORDERS: readonly Order[] = ['arrival', 'time'];
const FILTERS: readonly (readonly [string, Filter])[] = [
	['all entries', {}],
	['warnings and above', { min_level: 'WARNING' }],
];

/** Rows from anywhere among those of the two largest logs, in both orders, once they were counted. */
export async function measureJumps(plan: Plan): Promise<void> {
	const logs = plan.logs.slice(-2);
	const lines = logs.reduce((sum, log) => sum + log.lines, 0);
	await withEngine(plan.folder, async (engine) => {
		plan.say(`indexing ${lines} lines of ${logs.length} logs for jumps`);
		for (const { path } of logs) {
			await engine.api.openSource({ type: 'file', path });
		}
		await engine.untilRead(lines);
		await engine.untilTextKept();
		const random = new Random(11);
		for (const [name, filter] of FILTERS) {
			const { matched } = await engine.count(filter);
			for (const order of ORDERS) {
				plan.say(`jumps by ${order} among ${name}`);
				const ask = (offset: number) => engine.rows({ ...filter, order, offset, limit: ROWS });
				const first = rounded(await timeOf(() => ask(Math.floor(matched / 2))));
				const times: number[] = [];
				for (let jump = 0; jump < JUMPS; jump++) {
					const offset = random.below(matched);
					times.push(await timeOf(() => ask(offset)));
				}
				plan.print({
					measure: `jump to row N by ${order}, ${name}`,
					unit: 'ms',
					...spread(times),
					first,
					goal: 'p99 < 5',
					n: JUMPS,
					matched,
				});
			}
		}
	});
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}
