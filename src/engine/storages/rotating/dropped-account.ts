import { open, readFile, rename } from 'node:fs/promises';
import { codeOf } from '../lines/file-sentence.ts';
import { inodeOf } from '../lines/inode.ts';

/** How many entries have left, and what is about to. */
interface Account {
	readonly dropped: number;
	/** Written before a file is given up: after a kill it is seen whether it still is there. */
	readonly next?: { readonly inode: string; readonly entries: number };
}

/**
 * How many entries have left a log with its oldest files, in a small file beside it. It is exact
 * whenever the process is killed, as long as nobody else rotates the files.
 */
export class DroppedAccount {
	readonly #path: string;
	readonly #oldest: string;

	/** `oldest`: the path of the file that is given up. */
	constructor(path: string, oldest: string) {
		this.#path = path;
		this.#oldest = oldest;
	}

	/** How many have left; `undefined` where files were given up before anybody counted. */
	async read(): Promise<number | undefined> {
		const account = await this.#account();
		if (account === undefined) {
			return (await inodeOf(this.#oldest)) === undefined ? 0 : undefined;
		}
		const { dropped, next } = account;
		return next !== undefined && (await inodeOf(this.#oldest)) !== next.inode
			? dropped + next.entries
			: dropped;
	}

	/** Nothing has left yet, and from now on the oldest file is one that can. */
	async begin(): Promise<void> {
		if ((await this.#account()) === undefined) {
			await this.#write({ dropped: 0 });
		}
	}

	/** Has `drop` give up the oldest file, and counts what was in it. */
	async count(
		oldest: { readonly inode: string; readonly entries: number },
		drop: () => Promise<void>,
	): Promise<void> {
		const dropped = await this.read();
		if (dropped !== undefined) {
			await this.#write({ dropped, next: oldest });
		}
		await drop();
		if (dropped !== undefined) {
			await this.#write({ dropped: dropped + oldest.entries });
		}
	}

	async #account(): Promise<Account | undefined> {
		try {
			const { dropped, next } = JSON.parse(await readFile(this.#path, 'utf8')) as Partial<Account>;
			return Number.isSafeInteger(dropped) && (next === undefined || isNext(next))
				? { dropped: Number(dropped), ...(next === undefined ? {} : { next }) }
				: undefined;
		} catch (error) {
			if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) {
				return undefined;
			}
			throw error;
		}
	}

	async #write(account: Account): Promise<void> {
		const draft = `${this.#path}.new`;
		const handle = await open(draft, 'w');
		try {
			await handle.writeFile(`${JSON.stringify(account)}\n`);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(draft, this.#path);
	}
}

function isNext(value: Partial<NonNullable<Account['next']>>): boolean {
	return typeof value.inode === 'string' && Number.isSafeInteger(value.entries);
}
