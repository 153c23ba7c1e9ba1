import { codeOf, fileError } from './file-sentence.ts';
import { inodeOf } from './inode.ts';
import { LineFile } from './line-file.ts';

/** Files of a log that are there, the oldest first, and up to which byte each has whole lines. */
export interface FileSnapshot {
	readonly files: readonly { readonly file: LineFile; readonly end: number }[];
	/** Another number whenever a file that was there is gone or no longer begins as it did. */
	readonly epoch: number;
}

/**
 * The files at some paths, known by what they are and not by what they are called: one that is
 * renamed from one of the paths to another is the same file. What is no longer there is given back
 * once nobody reads it any more.
 */
export class LineFiles {
	readonly #paths: () => readonly string[];
	#known = new Map<string, LineFile>();
	readonly #left = new Set<LineFile>();
	#reading = 0;
	#epoch = 0;
	#looking: Promise<unknown> = Promise.resolve();

	/** `paths`: the oldest one first; those that are not there are left out. */
	constructor(paths: () => readonly string[]) {
		this.#paths = paths;
	}

	/** Reads what is there now; files stay open until `read` has resolved. */
	async read<T>(read: (snapshot: FileSnapshot) => Promise<T>): Promise<T> {
		this.#reading++;
		try {
			const looking = this.#looking.then(() => this.#look());
			this.#looking = looking.catch(() => {});
			return await read(await looking);
		} finally {
			this.#reading--;
			await this.#closeLeft();
		}
	}

	/** Gives all files back. */
	async close(): Promise<void> {
		for (const file of this.#known.values()) {
			this.#left.add(file);
		}
		this.#known.clear();
		await this.#closeLeft();
	}

	async #look(): Promise<FileSnapshot> {
		for (;;) {
			const snapshot = await this.#lookOnce();
			if (snapshot !== undefined) {
				return snapshot;
			}
		}
	}

	/** `undefined`: they were renamed meanwhile. */
	async #lookOnce(): Promise<FileSnapshot | undefined> {
		const now = new Map<string, LineFile>();
		const opened: LineFile[] = [];
		for (const path of this.#paths()) {
			const inode = await inodeAt(path);
			const known = inode === undefined ? undefined : this.#known.get(inode);
			const isKnown = known !== undefined && (await isAddedTo(known));
			const file = inode === undefined || isKnown ? known : await openFile(path);
			if (file === undefined) {
				continue;
			}
			if (!isKnown) {
				opened.push(file);
			}
			// Found twice, it was renamed while it was looked for.
			now.delete(file.inode);
			now.set(file.inode, file);
		}
		const inodes = (await Promise.all(this.#paths().map(inodeAt))).filter((inode) => inode);
		if (inodes.join() !== [...now.keys()].join()) {
			opened.forEach((file) => this.#left.add(file));
			return undefined;
		}
		for (const file of this.#known.values()) {
			if (now.get(file.inode) !== file) {
				this.#left.add(file);
				this.#epoch++;
			}
		}
		this.#known = now;
		// Nothing more will come of a file that is not the newest: its last line is what it is.
		const files = await Promise.all(
			[...now.values()].map(async (file, index) => ({
				file,
				end: await (index === now.size - 1 ? file.end() : file.size()),
			})),
		);
		return { files, epoch: this.#epoch };
	}

	async #closeLeft(): Promise<void> {
		if (this.#reading === 0) {
			const left = [...this.#left];
			this.#left.clear();
			await Promise.all(left.map((file) => file.close()));
		}
	}
}

async function inodeAt(path: string): Promise<string | undefined> {
	try {
		return await inodeOf(path);
	} catch (error) {
		throw fileError(error, path, "can't be read");
	}
}

async function isAddedTo(file: LineFile): Promise<boolean> {
	try {
		return await file.isAddedTo();
	} catch (error) {
		throw fileError(error, file.path, "can't be read");
	}
}

async function openFile(path: string): Promise<LineFile | undefined> {
	try {
		return await LineFile.open(path);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}
		throw fileError(error, path, "can't be read");
	}
}
