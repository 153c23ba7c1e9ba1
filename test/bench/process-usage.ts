import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time a process has used so far, all its threads together. */
export function processorSeconds(pid: number): number {
	return secondsIn(`/proc/${pid}/stat`);
}

/** The same for each thread, the main one first, by its number. */
export function threadSeconds(pid: number): ReadonlyMap<number, number> {
	const threads = readdirSync(`/proc/${pid}/task`).map(Number);
	return new Map(threads.map((id) => [id, secondsIn(`/proc/${pid}/task/${id}/stat`)]));
}

/** Memory of a process in MB. */
export interface MemoryUsage {
	/** Resident: its own pages and those of files and libraries it has mapped. */
	readonly rss: number;
	/** Its share of the resident pages. */
	readonly pss: number;
	/** Of them those that stand in no file. */
	readonly anonymous: number;
	/** The most that was ever resident. */
	readonly peak: number;
}

/** What a process takes of memory now. */
export function memoryUsage(pid: number): MemoryUsage {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
	return {
		rss: megabytes(status, 'VmRSS'),
		pss: megabytes(rollup, 'Pss'),
		anonymous: megabytes(rollup, 'Anonymous'),
		peak: megabytes(status, 'VmHWM'),
	};
}

function megabytes(text: string, name: string): number {
	const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1];
	return Math.round((Number(kilobytes ?? NaN) * 1_024) / 1e6);
}

function secondsIn(path: string): number {
	const stat = readFileSync(path, 'utf8');
	// The second field is the program's name in brackets, which may hold anything.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
