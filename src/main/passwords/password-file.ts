import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError, messageOf } from '#shared/errors.ts';

const kept = v.variant('keep', [
	/** In base64, by a key that the keychain has. */
	v.strictObject({ keep: v.literal('keychain'), encrypted: v.string() }),
	v.strictObject({ keep: v.literal('file'), password: v.string() }),
]);

/** A password as it is on the disk. */
export type KeptPassword = v.InferOutput<typeof kept>;

const fileSchema = v.object({ passwords: v.record(v.string(), kept) });

/** That of a data folder. */
export function passwordFile(dataFolder: string): PasswordFile {
	return new PasswordFile(join(dataFolder, 'passwords.json'));
}

/** `passwords.json` in the data folder, for nobody else to read. Written whole at each change. */
export class PasswordFile {
	readonly #path: string;

	constructor(path: string) {
		this.#path = path;
	}

	/** By address. Rejects with a sentence where it is there and can't be read or understood. */
	load(): ReadonlyMap<string, KeptPassword> {
		let text: string;
		try {
			text = readFileSync(this.#path, 'utf8');
		} catch (error) {
			if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
				return new Map();
			}
			throw new AppError(
				'storage-failed',
				`The passwords in ${this.#path} can't be read (${messageOf(error)}): type them again.`,
			);
		}
		try {
			return new Map(Object.entries(v.parse(fileSchema, JSON.parse(text)).passwords));
		} catch {
			// Without the reason: it may quote the text.
			throw new AppError(
				'storage-failed',
				`The passwords in ${this.#path} could not be understood${this.#setAside()}: type them again.`,
			);
		}
	}

	/** Replaces the file in one step. Throws a sentence. */
	save(passwords: ReadonlyMap<string, KeptPassword>): void {
		try {
			mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
			const temporary = `${this.#path}.new`;
			// One that is there may be for others to read.
			rmSync(temporary, { force: true });
			const json = JSON.stringify({ passwords: Object.fromEntries(passwords) }, undefined, '\t');
			writeFileSync(temporary, `${json}\n`, { mode: 0o600, flag: 'wx', flush: true });
			renameSync(temporary, this.#path);
		} catch (error) {
			throw new AppError(
				'storage-failed',
				`The password can't be kept in ${this.#path} (${messageOf(error)}): it is known until the app is closed.`,
			);
		}
	}

	#setAside(): string {
		const aside = `${this.#path}.broken-${Date.now()}`;
		try {
			renameSync(this.#path, aside);
			return ` and were kept as ${aside}`;
		} catch {
			return ''; // it will be replaced by the next one that is kept
		}
	}
}
