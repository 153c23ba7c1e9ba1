import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { Throttle } from '../throttle.ts';
import { handedLogSchema } from './handed-log.ts';
import type { HandedLog } from './handed-log.ts';
import { HandedOn } from './handed-on.ts';
import type { LogsThatAre } from './handed-on.ts';

/** What was handed on since it was saved last is handed on twice if the database is lost with it. */
const SAVE_MS = 2_000;

const fileSchema = v.record(v.string(), v.array(handedLogSchema));

/**
 * `handed-on.json`, beside the database and not in it: how far each log was handed on to each storage.
 * So a database that was deleted, or built anew after damage, reads all logs again and sends no storage
 * what it has.
 */
export class HandedOnFile {
	readonly #path: string;
	readonly #logs: LogsThatAre;
	readonly #saving = new Throttle(SAVE_MS, () => this.save());
	readonly #storages = new Map<string, HandedOn>();
	/** Of storages that are not in use. */
	readonly #remembered: Map<string, readonly HandedLog[]>;
	#saved: string;

	constructor(path: string, logs: LogsThatAre) {
		this.#path = path;
		this.#logs = logs;
		const remembered = read(path);
		this.#remembered = new Map(Object.entries(remembered));
		this.#saved = JSON.stringify(remembered);
	}

	/** What the storage with an address was given. `isKnown`: the database knows that storage. */
	of(address: string, isKnown: boolean): HandedOn {
		const known = this.#storages.get(address);
		if (known !== undefined) {
			return known;
		}
		const remembered = this.#remembered.get(address) ?? [];
		const opened = new HandedOn(remembered, isKnown, this.#logs, () => this.#saving.call());
		this.#storages.set(address, opened);
		if (!isKnown) {
			// Before the database knows it: numbers of another one would be taken for those of this one.
			this.save();
		}
		return opened;
	}

	/** Saves it now. Where that fails, the next change tries it again. */
	save(): void {
		for (const [address, { all }] of this.#storages) {
			this.#remembered.set(address, all);
		}
		const text = JSON.stringify(Object.fromEntries(this.#remembered));
		if (text === this.#saved) {
			return;
		}
		try {
			writeFileSync(`${this.#path}.new`, text, { mode: 0o600 });
			renameSync(`${this.#path}.new`, this.#path);
			this.#saved = text;
		} catch {
			// A folder that can't be written, or a full disk: both are told where they matter more.
		}
	}

	/** Saves it, and no more. */
	close(): void {
		this.#saving.stop();
		this.save();
	}
}

/** A file that is not there, or not what it should be, knows nothing. */
function read(path: string): Readonly<Record<string, readonly HandedLog[]>> {
	try {
		return v.parse(fileSchema, JSON.parse(readFileSync(path, 'utf8')));
	} catch {
		return {};
	}
}
