import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineState } from '#shared/api/engine.ts';
import { EMPTY_LEDGER } from '#shared/model/source.ts';
import type { Ledger } from '#shared/model/source.ts';
import { withEngine } from './bench-engine.ts';
import type { BenchEngine } from './bench-engine.ts';
import type { Plan } from './plan.ts';
import { rounded } from './statistics.ts';
import { numberOf } from './stamped-lines.ts';

const PAGE_ROWS = 1_000;
/** Nothing has come for so long: what is missing by then is lost. */
const QUIET_MS = 10_000;
const DEADLINE_MS = 5 * 60_000;

/** What is written: `rate` lines per second over all files together, so many rotations in all. */
export interface RotatingOrder {
	readonly folder: string;
	readonly files: number;
	readonly rate: number;
	readonly seconds: number;
	readonly rotations: number;
}

/** The same, in a folder of its own within `folder`; over 4 files unless said otherwise. */
export type RotationOptions = Omit<RotatingOrder, 'files'> & { readonly files?: number };

export interface RotatingReport {
	readonly written: number;
	readonly rotations: number;
	readonly seconds: number;
}

/** What became of lines of which each had a number of its own. */
export interface RotationResult extends RotatingReport {
	/** Rows the engine has. */
	readonly stored: number;
	/** Different numbers in them. */
	readonly distinct: number;
	/** Numbers that are in no row. */
	readonly lost: number;
	/** Rows beyond the first of a number. */
	readonly doubled: number;
	/** Rows without a number: gaps, or lines that are not as they were written. */
	readonly strange: number;
	readonly ledger: Ledger;
	/** Both equations of a ledger hold, nothing is unread, and each line written is one entry. */
	readonly ledgerAddsUp: boolean;
	/** From the last line written until all was stored, or until nothing more came. */
	readonly behindSeconds: number;
	readonly problems: readonly string[];
}

/**
 * Another process writes logs and rotates them by renaming, by copying and truncating, and with
 * siblings that are compressed, while an engine follows their folder. Then every row is counted.
 */
export async function measureRotation({
	folder: parent,
	files = 4,
	...order
}: RotationOptions): Promise<RotationResult> {
	const folder = mkdtempSync(join(parent, 'rotated-'));
	try {
		return await withEngine(parent, async (engine) => {
			await engine.api.openSource({ type: 'folder', path: folder });
			const report = await write({ ...order, files, folder });
			const writtenAt = performance.now();
			const state = await untilQuiet(engine, report.written);
			const behindSeconds = (performance.now() - writtenAt) / 1_000;
			const ledger = state.sources[0]?.ledger ?? EMPTY_LEDGER;
			return {
				...report,
				stored: state.storage.size,
				...(await countNumbers(engine, report.written)),
				ledger,
				ledgerAddsUp: addsUp(ledger, report.written),
				behindSeconds,
				problems: engine.problems,
			};
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** 60 s at 5,000 lines/s over 4 files with 20 rotations: is each line there, once? */
export async function benchRotation(plan: Plan): Promise<void> {
	const seconds = Math.max(60 / plan.scale, 10);
	plan.say(`5,000 lines/s over 4 rotated files for ${seconds} s`);
	const { behindSeconds, ...result } = await measureRotation({
		folder: plan.folder,
		rate: 5_000,
		seconds,
		rotations: 20,
	});
	plan.print({
		measure: 'lines lost or doubled over rotations',
		unit: 'lines',
		value: result.lost + result.doubled,
		goal: '0 lost, 0 doubled, the ledger adds up',
		n: 1,
		...result,
		seconds: rounded(result.seconds),
		behind_seconds: rounded(behindSeconds),
	});
}

async function write(order: RotatingOrder): Promise<RotatingReport> {
	const child = fork(new URL('write-rotating.ts', import.meta.url), [JSON.stringify(order)], {
		execArgv: [],
	});
	const failure = once(child, 'exit').then(([code]) => {
		throw new Error(`The writer ended with ${String(code)}`);
	});
	failure.catch(() => {});
	const [report] = (await Promise.race([once(child, 'message'), failure])) as [RotatingReport];
	return report;
}

/** Waits until all is there, or until nothing more comes. */
async function untilQuiet(engine: BenchEngine, written: number): Promise<EngineState> {
	const end = performance.now() + DEADLINE_MS;
	let appended = -1;
	let changedAt = performance.now();
	for (;;) {
		const state = await engine.state();
		const now = performance.now();
		if (state.storage.appended !== appended) {
			appended = state.storage.appended;
			changedAt = now;
		}
		const isRead = state.sources.every(
			({ state: is, ledger }) => is === 'following' && ledger.unread_bytes === 0,
		);
		const isAll = isRead && state.storage.size >= written && now - changedAt > 1_000;
		if (isAll || now - changedAt > QUIET_MS || now > end) {
			return state;
		}
		await delay(50);
	}
}

/** Pages through all rows, newest first. */
async function countNumbers(
	engine: BenchEngine,
	written: number,
): Promise<Pick<RotationResult, 'distinct' | 'lost' | 'doubled' | 'strange'>> {
	const seen = new Uint8Array(written);
	let doubled = 0;
	let strange = 0;
	let upTo: number | undefined;
	for (;;) {
		const rows = await engine.rows({
			limit: PAGE_ROWS,
			...(upTo === undefined ? {} : { up_to: upTo }),
		});
		for (const { message } of rows) {
			const number = numberOf(message) ?? -1;
			if (number < 0 || number >= written) {
				strange++;
			} else if (seen[number] === 1) {
				doubled++;
			} else {
				seen[number] = 1;
			}
		}
		const last = rows.at(-1);
		if (last === undefined || rows.length < PAGE_ROWS) {
			const distinct = seen.reduce((sum, value) => sum + value, 0);
			return { distinct, lost: written - distinct, doubled, strange };
		}
		upTo = last.seq - 1;
	}
}

function addsUp(ledger: Ledger, written: number): boolean {
	return (
		ledger.size_bytes === ledger.read_bytes + ledger.held_bytes + ledger.unread_bytes &&
		ledger.lines + ledger.extra_entries ===
			ledger.entries + ledger.quarantined + ledger.joined_lines &&
		ledger.unread_bytes === 0 &&
		ledger.entries === written &&
		ledger.lost_bytes === 0
	);
}
