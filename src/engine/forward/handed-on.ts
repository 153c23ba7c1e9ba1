import type { LogEnds } from '../segments/query/export/entry-batch.ts';
import type { SegmentStorage } from '../segments/segment-storage.ts';
import type { HandedLog } from './handed-log.ts';
import { isKnownLog } from './known-log.ts';

/** So many logs are remembered that are not in the database. */
const MAX_ABSENT = 1_000;

/** What is asked about logs. */
export interface LogsThatAre {
	readonly local: Pick<SegmentStorage, 'generations'>;
	/** The source with a number; `undefined`: it was closed. */
	readonly source: (
		id: number,
	) => { readonly config: { readonly path: string }; readonly isReading: boolean } | undefined;
}

/**
 * How far each log was handed on to one storage: of logs by their content, so that it is known of
 * a log that is read anew, by another database or by this one.
 */
export class HandedOn {
	readonly #logs: LogsThatAre;
	readonly #onChange: () => void;
	/** By their numbers in the database. */
	#there = new Map<number, HandedLog>();
	/** Those that are not in the database, or not yet. */
	#absent: HandedLog[] = [];
	/** Logs that are none of the absent ones. */
	readonly #others = new Set<number>();
	/** What was handed on of logs while they are handed on once more from their beginning. */
	#before: ReadonlyMap<number, HandedLog> = new Map();

	/** `isSame`: they were remembered of the database that there is. */
	constructor(
		remembered: readonly HandedLog[],
		isSame: boolean,
		logs: LogsThatAre,
		onChange: () => void,
	) {
		this.#logs = logs;
		this.#onChange = onChange;
		for (const log of remembered) {
			const { generation, ...absent } = log;
			if (isSame && generation !== undefined && this.#has(generation, log)) {
				this.#there.set(generation, log);
			} else {
				this.#absent.push(absent);
			}
		}
	}

	/** Up to where logs were handed on that were read anew since. */
	get had(): LogEnds {
		return [...this.#there].flatMap(([generation, { end, isAnew }]) =>
			isAnew === true ? [[generation, end] as const] : [],
		);
	}

	/** As it is to be remembered. */
	get all(): readonly HandedLog[] {
		return [...this.#there.values(), ...this.#absent];
	}

	/**
	 * Finds out which logs were handed on before they came to the database. False: of some that are
	 * still being read it can't be said yet.
	 */
	async recognise(): Promise<boolean> {
		const { generations } = this.#logs.local;
		for (const [generation, { generation: _, isAnew: __, ...log }] of this.#there) {
			if (!generations.has(generation)) {
				// Its source was closed, and may be opened again.
				this.#there.delete(generation);
				this.#absent = [...this.#absent, log].slice(-MAX_ABSENT);
			}
		}
		if (this.#absent.length === 0) {
			return true;
		}
		let isSure = true;
		for (const { id } of generations.all()) {
			if (!this.#there.has(id) && !this.#others.has(id)) {
				isSure = (await this.#judge(id)) && isSure;
			}
		}
		return isSure;
	}

	/** These were handed on. */
	note(ends: LogEnds): void {
		for (const [generation, end] of ends) {
			const { end: before = 0, isAnew } = this.#there.get(generation) ?? {};
			if (end > before || isAnew !== true) {
				this.#set(generation, Math.max(end, before));
			}
		}
		this.#onChange();
	}

	/** All that there is by now is not meant for the storage. */
	noteAll(): void {
		this.note(
			[...this.#logs.local.generations.all()].map(({ id, identity }) => [id, identity.end]),
		);
	}

	/** What was read before is handed on now, from the beginning of each log … */
	begin(): void {
		this.#before = this.#there;
		this.#there = new Map();
		this.#onChange();
	}

	/** … and all of it has been. */
	end(): void {
		const ends = [...this.#before].map(([generation, { end }]) => [generation, end] as const);
		this.#before = new Map();
		this.note(ends);
	}

	#has(generation: number, { identity }: HandedLog): boolean {
		const { generations } = this.#logs.local;
		if (!generations.has(generation)) {
			return false;
		}
		const { headLength, head } = generations.get(generation).identity;
		return headLength !== identity.headLength || head === identity.head;
	}

	#set(generation: number, end: number, isAnew = false): void {
		const { generations } = this.#logs.local;
		const record = generations.has(generation) ? generations.get(generation) : undefined;
		const path = record && this.#logs.source(record.source)?.config.path;
		// What is in no file any more can't be read anew.
		const isGone =
			record?.place.device === '' || (record?.place.kind === 'journal' && record.isClosed);
		if (record === undefined || path === undefined || isGone || end === 0) {
			return;
		}
		const { identity } = record;
		this.#there.set(generation, {
			path,
			identity,
			end,
			generation,
			...(isAnew ? { isAnew } : {}),
		});
	}

	/** Whether it is known which log it is. */
	async #judge(generation: number): Promise<boolean> {
		const record = this.#logs.local.generations.get(generation);
		const source = this.#logs.source(record.source);
		const alike = this.#absent.filter(({ path }) => path === source?.config.path);
		const found: HandedLog[] = [];
		for (const log of alike) {
			if (await isKnownLog(record, log.identity)) {
				found.push(log);
			}
		}
		if (found.length > 0) {
			this.#absent = this.#absent.filter((log) => !found.includes(log));
			this.#set(generation, Math.max(...found.map(({ end }) => end)), true);
			this.#onChange();
			return true;
		}
		const mayGrow = alike.some(({ identity }) => identity.end > record.identity.end);
		if (mayGrow && source?.isReading === true) {
			return false;
		}
		this.#others.add(generation);
		return true;
	}
}
